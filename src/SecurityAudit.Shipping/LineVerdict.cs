namespace SecurityAudit.Shipping;

/// <summary>What a destination says about one line.</summary>
internal enum LineVerdict
{
    /// <summary>It was stored.</summary>
    Stored,

    /// <summary>This very line is there.</summary>
    AlreadyThere,

    /// <summary>It is kept, but not where it is looked for.</summary>
    Redirected,

    /// <summary>Not now.</summary>
    TryAgain,

    /// <summary>Never: it speaks of this line.</summary>
    Refused,

    /// <summary>It speaks of the target, not of the line.</summary>
    Closed,
}
