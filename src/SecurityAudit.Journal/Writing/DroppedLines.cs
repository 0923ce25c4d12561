using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>The lines that could not be recorded since a moment: a count, never the lines.</summary>
internal sealed class DroppedLines(DateTimeOffset since, string reason)
{
    public long Count { get; set; }

    /// <summary>The line that stands in their place.</summary>
    public byte[] Gap(DateTimeOffset now) => ControlPayload.Gap(now, Count, since, now, reason);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} lines could not be recorded since {since:O}: {reason} The journal is writable again and has a journal.gap line in their place.");
}
