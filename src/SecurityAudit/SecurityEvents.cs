using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <summary>The catalogue: every event of the OWASP Logging Vocabulary, and the few that it has no name for.</summary>
/// <remarks>
/// Names and levels: OWASP Logging Vocabulary Cheat Sheet. Categories and types: Elastic Common Schema 8.17; each type is one that each of the event's
/// categories expects. Of the category <c>authentication</c> is what Elastic counts as an attempt: a sign-in, or a credential that was refused.
/// The actor is the user of the current request unless the event names another with <c>with { User = … }</c>. Each event says in its
/// <c>message</c>, one sentence for a person, what it says in its fields; the sentence is made of the fields as they are recorded.
/// </remarks>
public static partial class SecurityEvents
{
    private const string Info = "INFO";
    private const string Warn = "WARN";
    private const string Critical = "CRITICAL";

    private static readonly ImmutableArray<string> Authentication = ["authentication"];
    private static readonly ImmutableArray<string> Session = ["session"];
    private static readonly ImmutableArray<string> Iam = ["iam"];
    private static readonly ImmutableArray<string> Attack = ["intrusion_detection", "web"];
    private static readonly ImmutableArray<string> Configuration = ["configuration"];
    private static readonly ImmutableArray<string> Process = ["process"];
    private static readonly ImmutableArray<string> Files = ["file"];
    private static readonly ImmutableArray<string> Web = ["web"];
    private static readonly ImmutableArray<string> Api = ["api"];

    /// <summary>Something of the application's own that people do, e.g. <c>invoice.approve</c>.</summary>
    public static SecurityEvent Activity(string action, EventOutcome outcome = EventOutcome.Success) =>
        Make(string.IsNullOrWhiteSpace(action) ? "unknown" : action, null, Web, Words.Own, "access") with { Outcome = outcome };

    private static SecurityEvent Make(
        string action, string? level, ImmutableArray<string> categories, Func<SecurityEvent, string> sentence, params ImmutableArray<string> types) =>
        Make(EventOutcome.Success, action, level, categories, sentence, types);

    private static SecurityEvent Failed(
        string action, string? level, ImmutableArray<string> categories, Func<SecurityEvent, string> sentence, params ImmutableArray<string> types) =>
        Make(EventOutcome.Failure, action, level, categories, sentence, types);

    private static SecurityEvent Make(
        EventOutcome outcome, string action, string? level, ImmutableArray<string> categories, Func<SecurityEvent, string> sentence, ImmutableArray<string> types) =>
        new(action, categories, types)
        {
            OwaspLevel = level,
            Outcome = outcome,
            Severity = level switch { Critical => EventSeverity.High, Warn => EventSeverity.Medium, _ => EventSeverity.Low },
            Sentence = sentence,
        };

    private static SecurityEvent Changed(
        SecurityEvent change, AuditUser? target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) =>
        (change with { Target = target })
            .With(EventFields.ChangeKind, kind)
            .With(EventFields.ChangeBefore, before)
            .With(EventFields.ChangeAfter, after);
}
