namespace SecurityAudit.Shipping;

/// <summary>What the shipping of a log is bounded by; a destination's own options give the values and their ranges.</summary>
internal sealed record ShippingOptions
{
    /// <summary>The most lines in one batch.</summary>
    public int BatchEvents { get; init; } = 1000;

    /// <summary>The most bytes in one batch.</summary>
    public int BatchBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>How long a batch waits to become full.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The first bound of the random wait after a failure; it doubles with each.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The last bound of the random wait after a failure.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After this time without progress, while lines wait, shipping is said to stand still.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromMinutes(5);
}
