using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Alerts;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Alerts;

/// <summary>A real log and one channel, step by step, by a clock that the test moves; no pause after a failure.</summary>
internal sealed class DeliveredLog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-delivered-");
    private readonly List<IDisposable> _owned = [];

    public DeliveredLog() => Writer = JournalWriter.Open(Journal, new JournalOptions { MaxSegmentBytes = 4096 });

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 26, 3, 0, 0, TimeSpan.Zero));

    public AlertOptions Options { get; } = new();

    public RecordedAudit Audit { get; } = new();

    public JournalWriter Writer { get; }

    public string Journal => Path.Combine(_folder.FullName, "audit");

    public ProgressFile<DeliveryRecord> Remembered => DeliveryRecord.FileOf(Journal, Writer.Id, "pager");

    public async Task Write(string sentence, DateTimeOffset? at = null, string stage = "raised")
    {
        Writer.Append(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["@timestamp"] = at ?? Time.GetUtcNow(),
            ["event.action"] = stage == "raised" ? "alert_brute_force" : "alert_" + stage,
            ["event.kind"] = stage == "raised" ? "alert" : "event",
            ["event.severity"] = 73,
            ["rule.id"] = "brute_force",
            ["security_audit.alert.stage"] = stage,
            ["message"] = sentence,
        }));
        await Writer.FlushAsync(TestContext.Current.CancellationToken);
    }

    public AlertChannel Channel(IAlertSink sink)
    {
        var channel = new AlertChannel(sink, Options, Time, Report, random: () => 0);
        _owned.Add(channel);
        return channel;
    }

    public LogDelivery Delivery(AlertChannel channel, long? size = null) => new(channel, Remembered, size ?? Writer.DurableSize, Options, Time, Report);

    /// <summary>Reads what there is and delivers it, with so many attempts at most.</summary>
    public async Task RunAsync(LogDelivery delivery, int attempts = 100)
    {
        using var reader = delivery.Open(Writer.LogDirectory);
        reader.Limit = Writer.DurableSize;
        await delivery.FillAsync(reader, TestContext.Current.CancellationToken);
        for (var n = 0; delivery.HasWaiting && n < attempts; n++)
        {
            await delivery.SettleAsync(TestContext.Current.CancellationToken);
        }

        delivery.Suspend();
    }

    public void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        Writer.Dispose();
        _folder.Delete(recursive: true);
    }

    private DeliveryReport Report => new(new Lazy<ISecurityAudit>(Audit), NullLogger<DeliveryReport>.Instance);

    internal sealed class RecordedAudit : ISecurityAudit
    {
        public List<SecurityEvent> Events { get; } = [];

        public void Record(SecurityEvent securityEvent) => Events.Add(securityEvent);

        public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default)
        {
            Events.Add(securityEvent);
            return ValueTask.CompletedTask;
        }
    }
}
