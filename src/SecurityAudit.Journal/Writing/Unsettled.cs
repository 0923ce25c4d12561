using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>Who has not settled all of a log, and up to where the slowest of them has.</summary>
/// <param name="Name">The slowest consumer; null when there is none at all.</param>
/// <param name="Size">So many lines, from the first on, are settled by everybody.</param>
/// <param name="Error">Why it could not tell.</param>
internal sealed record Unsettled(string? Name, long Size, Exception? Error = null)
{
    /// <summary>Asks everybody who counts: those whom the options name, and the bookmark files that can be seen.</summary>
    public static Unsettled Of(JournalLog log, IEnumerable<IJournalConsumer> consumers) =>
        BookmarkFiles.Of(log).Select(file => new Unsettled($"bookmark '{file.Path}'", file.Settled))
            .Concat(consumers.Select(consumer => Ask(consumer, log)))
            .MinBy(consumer => consumer.Size) ?? new Unsettled(null, long.MaxValue);

    /// <summary>What a line that announces the removal of these lines says of it; null when all of them are settled.</summary>
    public string? ReasonToRecord(long from, long to) => Size >= to ? null : string.Create(CultureInfo.InvariantCulture,
        $"lines {Math.Max(from, Size)} to {to - 1} were removed before the {Name} had them, as the option PruneUnsettled has it");

    /// <summary>The payload of a control line with a reason more.</summary>
    public static byte[] WithReason(byte[] payload, string reason)
    {
        var encoded = JsonEncodedText.Encode(reason, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return [.. payload.AsSpan(0, payload.Length - 1), .. Encoding.UTF8.GetBytes($",\"{JournalFields.Reason.Name}\":\"{encoded}\"}}")];
    }

    private static Unsettled Ask(IJournalConsumer consumer, JournalLog log)
    {
        try
        {
            return new Unsettled(consumer.Name, consumer.SettledSize(log));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Unsettled(consumer.Name, 0, e);
        }
    }
}
