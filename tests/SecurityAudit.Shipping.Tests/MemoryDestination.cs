using System.Text;

namespace SecurityAudit.Shipping.Tests;

/// <summary>A destination that keeps what it is sent in memory, and does as a test says first: no engine, no network.</summary>
internal sealed class MemoryDestination : IShippingDestination
{
    private readonly Queue<Func<BatchPart, BatchOutcome?>> _faults = new();

    public string Name => "memory";

    public string Target { get; init; } = "memory";

    public string? Memo { get; init; }

    /// <summary>What is stored, by sequence number.</summary>
    public SortedDictionary<long, string> Stored { get; } = [];

    /// <summary>The sequence numbers of each batch.</summary>
    public List<long[]> Sent { get; } = [];

    /// <summary>What it thinks of a line that is neither stored nor refused by a fault.</summary>
    public Func<BatchPart, BatchEntry, LineOutcome?> Judge { get; set; } = (_, _) => null;

    public string Place { get; set; } = "1";

    /// <summary>The next batch gets this; null: it is stored as ever.</summary>
    public void Next(Func<BatchPart, BatchOutcome?> fault, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _faults.Enqueue(fault);
        }
    }

    public Task<BatchOutcome> SendAsync(BatchPart part, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Sent.Add([.. part.Entries.Select(entry => entry.Sequence)]);
        return Task.FromResult(_faults.TryDequeue(out var fault) && fault(part) is { } outcome ? outcome : Store(part));
    }

    public BatchOutcome Store(BatchPart part) => new(BatchOutcomeKind.Answered)
    {
        Bytes = part.Entries.Sum(entry => part.Document(entry).Length),
        Lines = [.. part.Entries.Select(entry => Judge(part, entry)
            ?? new LineOutcome(Stored.TryAdd(entry.Sequence, Encoding.UTF8.GetString(part.Document(entry))) ? LineVerdict.Stored : LineVerdict.AlreadyThere, 0, Place, null))],
    };
}
