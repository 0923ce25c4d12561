using System.Globalization;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Fields;
using SecurityAudit.Responses;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>What is done about alerts (extensions).</content>
public static partial class SecurityEvents
{
    /// <summary>Requests from a source are refused from now on, for a time.</summary>
    internal static SecurityEvent ResponseBlockStarted(AlertNotification alert, DateTimeOffset until, int statusCode) =>
        (Respond("response_block_started", ResponseKind.BlockSource, alert, e =>
            $"Requests from {Source(e)} are answered with {e[EventFields.StatusCode]} until {Moment(e)}, by the rule {Rule(e)}{Words.Because(e)}.")
            with { Severity = EventSeverity.High })
            .With(ResponseFields.Until, until).With(EventFields.StatusCode, statusCode);

    /// <summary>They are no longer refused.</summary>
    internal static SecurityEvent ResponseBlockEnded(AlertNotification alert, DateTimeOffset until, long? requests) =>
        Respond("response_block_ended", ResponseKind.BlockSource, alert, e => $"Requests from {Source(e)} are let in again; {Refused(e)}{Words.Because(e)}.")
            .With(ResponseFields.Until, until).With(ResponseFields.Requests, requests);

    /// <summary>Requests from a blocked source were refused, so many since this was said last.</summary>
    internal static SecurityEvent ResponseRequestsBlocked(AlertNotification alert, DateTimeOffset until, long requests) =>
        (Respond("response_requests_blocked", ResponseKind.BlockSource, alert, e => $"The block of {Source(e)} holds: {Refused(e)}.") with { Types = ["denied"] })
            .With(ResponseFields.Until, until).With(ResponseFields.Requests, requests)
            .With(EventFields.Repeated, requests > 1 ? (int)long.Min(requests - 1, int.MaxValue) : null);

    /// <summary>The sessions of an account were ended.</summary>
    internal static SecurityEvent ResponseSessionsEnded(AlertNotification alert) =>
        Respond("response_sessions_ended", ResponseKind.EndSessions, alert, e =>
            $"The sessions of {Words.Account(e)} were ended by a new security stamp, by the rule {Rule(e)}{Words.Because(e)}.")
            with { Categories = Session, Types = ["end"], Severity = EventSeverity.High, Target = Account(alert) };

    /// <summary>The application's own response ended well.</summary>
    internal static SecurityEvent ResponseHookCompleted(AlertNotification alert, string hook) =>
        Respond("response_hook_completed", ResponseKind.Hook, alert, e => $"The application's own response {Hook(e)} to {Rule(e)} ended well{Words.Because(e)}.")
            .With(ResponseFields.Hook, hook);

    /// <summary>What was to be done could not be done.</summary>
    internal static SecurityEvent ResponseFailed(AlertNotification alert, string kind, string reason, string? hook = null) =>
        (Respond("response_failed", kind, alert, e => $"What the alert {Rule(e)} called for ({ResponseOf(e)}) failed{Words.Because(e)}.")
            with { Outcome = EventOutcome.Failure, Severity = EventSeverity.High, Reason = reason, Target = kind == ResponseKind.EndSessions ? Account(alert) : null })
            .With(ResponseFields.Hook, hook);

    /// <summary>A source is not blocked, for a reason of its own.</summary>
    internal static SecurityEvent ResponseWithheld(AlertNotification alert, string kind, string reason) =>
        Respond("response_withheld", kind, alert, e => $"What the alert {Rule(e)} called for ({ResponseOf(e)}) was not done{Words.Because(e)}.")
            with { Outcome = EventOutcome.Unknown, Severity = EventSeverity.Medium, Reason = reason, Target = kind == ResponseKind.EndSessions ? Account(alert) : null };

    /// <summary>What would have been done, were this no trial.</summary>
    internal static SecurityEvent ResponseDryRun(AlertNotification alert, string kind) =>
        Respond("response_dry_run", kind, alert, e => $"On trial: the alert {Rule(e)} would have led to a response ({ResponseOf(e)}){Words.Because(e)}.")
            with { Outcome = EventOutcome.Unknown, Target = kind == ResponseKind.EndSessions ? Account(alert) : null };

    private static SecurityEvent Respond(string action, string kind, AlertNotification alert, Func<SecurityEvent, string> sentence) =>
        Make(action, null, ["intrusion_detection"], sentence, "info")
            .With(EventFields.RuleId, alert.RuleId)
            .With(EventFields.RuleName, alert.RuleName)
            .With(AlertFields.Id, alert.Id)
            .With(ResponseFields.Kind, kind)
            .With(EventFields.SourceIp, alert.SourceAddress);

    private static AuditUser Account(AlertNotification alert) => new(alert.UserId, alert.UserName);

    private static string ResponseOf(SecurityEvent e) => e[ResponseFields.Kind] switch
    {
        ResponseKind.BlockSource => $"a block of {Source(e)}",
        ResponseKind.EndSessions => $"the end of the sessions of {Words.Account(e)}",
        _ when e[ResponseFields.Hook] is string => $"the application's own response {Hook(e)}",
        _ => "the application's own response",
    };

    private static string Refused(SecurityEvent e) => e[ResponseFields.Requests] is long requests
        ? string.Create(CultureInfo.InvariantCulture, $"{requests} request{(requests == 1 ? " was" : "s were")} refused")
        : "how many were refused is not known";

    private static string Source(SecurityEvent e) => Networks.Text(e[EventFields.SourceIp] as string);

    private static string Hook(SecurityEvent e) => Words.Field(e, ResponseFields.Hook);

    private static string Rule(SecurityEvent e) => Words.Field(e, e[EventFields.RuleName] is null ? EventFields.RuleId : EventFields.RuleName);

    // A moment as it is recorded is a text.
    private static string Moment(SecurityEvent e) =>
        DateTimeOffset.TryParse(Convert.ToString(e[ResponseFields.Until], CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var until)
            ? until.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
            : "further notice";
}
