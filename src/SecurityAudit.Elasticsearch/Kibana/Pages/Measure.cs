using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>What is told of some events.</summary>
internal sealed record Measure(MeasureKind Kind, string Heading, string? Field = null)
{
    public bool IsTime => Field == JournalFields.Timestamp.Name;

    public static Measure Count { get; } = new(MeasureKind.Count, "Events");

    public static Measure LastSeen { get; } = new(MeasureKind.Max, "Last seen", JournalFields.Timestamp.Name);

    public static Measure FirstSeen { get; } = new(MeasureKind.Min, "First seen", JournalFields.Timestamp.Name);

    public static Measure Distinct(string field, string heading) => new(MeasureKind.Distinct, heading, field);

    public static Measure Largest(string field, string heading) => new(MeasureKind.Max, heading, field);

    public static Measure Smallest(string field, string heading) => new(MeasureKind.Min, heading, field);

    public static Measure LastValue(string field) => new(MeasureKind.LastValue, Headings.Of(field), field);
}

internal enum MeasureKind
{
    /// <summary>How many events.</summary>
    Count,

    /// <summary>How many different values.</summary>
    Distinct,

    /// <summary>The largest number, or the last time.</summary>
    Max,

    /// <summary>The smallest number, or the first time.</summary>
    Min,

    /// <summary>The value of the newest event that has one.</summary>
    LastValue,
}
