using System.Collections.Immutable;
using SecurityAudit.Responses;

namespace SecurityAudit.Tests.Responses;

/// <summary>Responses to alerts, as they are recorded.</summary>
internal static class SomeResponse
{
    private static readonly DateTimeOffset Until = new(2026, 11, 24, 12, 15, 0, TimeSpan.Zero);

    public static AlertNotification Alert(string source = "203.0.113.7") => new()
    {
        Id = Guid.CreateVersion7().ToString(), RuleId = "brute_force", RuleName = "Brute force", Sentence = "Somebody is guessing.", Condition = 1,
        Timestamp = Until.AddMinutes(-15),
        Subject = ImmutableSortedDictionary.CreateRange<string, string>(StringComparer.Ordinal, [new("source.ip", source), new("user.id", "id-ann"), new("user.name", "ann")]),
    };

    /// <summary>Each, in each of its forms.</summary>
    public static IReadOnlyList<SecurityEvent> OfEachKind() =>
    [
        SecurityEvents.ResponseBlockStarted(Alert(), Until, 429),
        SecurityEvents.ResponseRequestsBlocked(Alert(), Until, 1),
        SecurityEvents.ResponseRequestsBlocked(Alert(), Until, 360),
        SecurityEvents.ResponseBlockEnded(Alert("2001:db8:1:2:a::1"), Until, 360),
        SecurityEvents.ResponseBlockEnded(Alert(), Until, null) with { Reason = "SecurityAudit:Response:NeverBlock has this address" },
        SecurityEvents.ResponseWithheld(Alert(), ResponseKind.BlockSource, "everybody behind this proxy would be blocked"),
        SecurityEvents.ResponseWithheld(Alert(), ResponseKind.EndSessions, "the alert names no account's id"),
        SecurityEvents.ResponseDryRun(Alert(), ResponseKind.BlockSource),
        SecurityEvents.ResponseDryRun(Alert(), ResponseKind.Hook),
        SecurityEvents.ResponseSessionsEnded(Alert()),
        SecurityEvents.ResponseFailed(Alert(), ResponseKind.EndSessions, "no account has that id and name"),
        SecurityEvents.ResponseFailed(Alert(), ResponseKind.Hook, "System.InvalidOperationException was thrown", "Shop.Pager"),
        SecurityEvents.ResponseHookCompleted(Alert(), "Shop.Pager"),
    ];
}
