using System.Collections.Immutable;

namespace SecurityAudit;

/// <summary>What a channel is given at once: one alert, or a digest of many that waited.</summary>
public sealed record AlertDelivery
{
    /// <summary>The same whenever the same is delivered again: what a receiver tells a repetition by.</summary>
    public required string Id { get; init; }

    /// <summary>The alert; null where this is a digest.</summary>
    public AlertNotification? Alert { get; init; }

    /// <summary>The digest; null where this is one alert.</summary>
    public AlertDigest? Digest { get; init; }

    /// <summary>True where somebody tries the channel out (<c>security-audit alerts test</c>): nothing has happened.</summary>
    public bool IsTest { get; init; }

    /// <summary>The severity of the alert, or of the worst in the digest.</summary>
    public EventSeverity Severity => Alert?.Severity ?? Digest?.Severity ?? EventSeverity.Low;

    /// <summary>In one line what it is: for the subject of a mail, the title of a message.</summary>
    public string Title => Alert is { } alert
        ? $"[{(IsTest ? "TEST" : alert.Severity)}] {(alert.Stage == AlertStage.Raised ? "" : alert.Stage + ": ")}{alert.RuleName}"
        : $"[{Severity}] {Digest?.Total} alerts";

    /// <summary>In one sentence what happened.</summary>
    public string Sentence => Alert?.Sentence ?? Digest?.Sentence ?? "";

    /// <summary>
    /// What tells more of it, as names and values in the order in which they are shown; those without a value are left out.
    /// </summary>
    internal ImmutableArray<KeyValuePair<string, string>> Facts => Alert is { } alert ? AlertFacts.Of(alert, IsTest) : Digest is { } digest ? AlertFacts.Of(digest) : [];
}
