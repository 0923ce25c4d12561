namespace SecurityAudit.Detection;

/// <summary>In what the events of one attack differ.</summary>
public sealed record DistinctCondition
{
    /// <summary>The field: <c>user.hash</c>, <c>source.ip</c>, <c>url.path</c>.</summary>
    public required string Field { get; init; }

    /// <summary>So many different values at least, 2 or more.</summary>
    public required int Count { get; init; }

    /// <summary>Of one value no more events than this count, 1 or more; null: all of them.</summary>
    public int? EachAtMost { get; init; }
}
