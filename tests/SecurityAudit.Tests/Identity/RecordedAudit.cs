using System.Collections.Concurrent;

namespace SecurityAudit.Tests.Identity;

/// <summary>Keeps what is recorded, in order.</summary>
internal sealed class RecordedAudit : ISecurityAudit
{
    private readonly ConcurrentQueue<SecurityEvent> _events = new();

    public bool Throws { get; set; }

    public IReadOnlyList<SecurityEvent> Events => [.. _events];

    public IReadOnlyList<string> Actions => [.. _events.Select(recorded => recorded.Action)];

    public void Clear() => _events.Clear();

    public void Record(SecurityEvent securityEvent)
    {
        if (Throws)
        {
            throw new InvalidOperationException("the journal is gone");
        }

        _events.Enqueue(securityEvent);
    }

    public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default)
    {
        Record(securityEvent);
        return ValueTask.CompletedTask;
    }

    /// <summary>The only event of that name.</summary>
    public SecurityEvent The(string action) => Assert.Single(_events, recorded => recorded.Action == action);
}
