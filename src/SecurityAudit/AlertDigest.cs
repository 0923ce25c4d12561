using System.Collections.Immutable;
using System.Globalization;

namespace SecurityAudit;

/// <summary>Many alerts in one message: how many of which rule, and the worst of them. Each of them stands in the journal.</summary>
public sealed record AlertDigest
{
    /// <summary>How many alerts, summaries and ends of attacks it stands for.</summary>
    public required long Total { get; init; }

    /// <summary>When the first of them was raised.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>When the last of them was raised.</summary>
    public DateTimeOffset To { get; init; }

    /// <summary>
    /// How many by rule and severity, the worst first, then the most; 100 at most, the last of which stands for all others.
    /// </summary>
    public required ImmutableArray<AlertDigestRow> Rows { get; init; }

    /// <summary>The worst of them, the first raised first among equals; ten at most.</summary>
    public required ImmutableArray<AlertNotification> Worst { get; init; }

    /// <summary>The worst severity.</summary>
    public EventSeverity Severity => Worst.Length > 0 ? Worst[0].Severity : EventSeverity.Low;

    /// <summary>In one sentence what it is.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture, $"{Total} alerts from {From:u} to {To:u}, too many to be told one by one; the worst is {Severity}. The journal has all of them.");
}

/// <summary>One row of a digest.</summary>
/// <param name="RuleId">The rule; <c>others</c> in the row that stands for all that found no row.</param>
/// <param name="RuleName">Its name.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Raised">How many attacks were told for the first time.</param>
/// <param name="Updates">How many summaries and ends of attacks.</param>
public sealed record AlertDigestRow(string RuleId, string RuleName, EventSeverity Severity, long Raised, long Updates);
