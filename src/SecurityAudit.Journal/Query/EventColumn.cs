using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>A column of a table of events.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Width">How many characters wide it is; null: as wide as there is room.</param>
/// <param name="Text">What it shows of an event, as it was written.</param>
public sealed record EventColumn(string Name, int? Width, Func<JournalEvent, string> Text)
{
    /// <summary>The event's place in its log.</summary>
    public static EventColumn Sequence { get; } = new("#", 4, e => e.Sequence.ToString(CultureInfo.InvariantCulture));

    /// <summary>When it happened, in UTC, to the second.</summary>
    public static EventColumn Time { get; } = TimeAs("yyyy-MM-dd HH:mm:ss");

    /// <summary>What happened, by its name.</summary>
    public static EventColumn Action { get; } = new("Event", 26, e => e.Action);

    /// <summary>How it ended; <c>ALERT</c> for an alert.</summary>
    public static EventColumn Outcome { get; } = new("Outcome", 7, e => e.IsAlert ? "ALERT" : e.Outcome);

    /// <summary>Who acted, and upon whom if that is somebody else.</summary>
    public static EventColumn User { get; } = new("User", 22, e => e.Target.Length == 0 || e.Target == e.User ? e.User : $"{e.User} → {e.Target}".TrimStart());

    /// <summary>The address that it came from.</summary>
    public static EventColumn Source { get; } = new("Source", 15, e => e.Source);

    /// <summary>The event in words (<see cref="JournalEvent.Message"/>).</summary>
    public static EventColumn What { get; } = new("What", null, e => e.Message);

    /// <summary>When it happened, in UTC.</summary>
    /// <param name="format">A format of dates and times, of the invariant culture.</param>
    public static EventColumn TimeAs(string format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return new EventColumn("Time (UTC)", format.Length, e => e.Timestamp?.UtcDateTime.ToString(format, CultureInfo.InvariantCulture) ?? "");
    }

    /// <summary>What it shows of an event, as a terminal or a page may show it (<see cref="VisibleText"/>).</summary>
    public string Cell(JournalEvent e) => VisibleText.Of(Text(e));
}
