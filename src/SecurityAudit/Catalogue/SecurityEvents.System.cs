using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>The application itself.</content>
public static partial class SecurityEvents
{
    /// <summary>The application started.</summary>
    public static SecurityEvent SysStartup() =>
        Make("sys_startup", Warn, Process, e => $"The application started{Words.Because(e)}.", "start") with { Severity = EventSeverity.Low };

    /// <summary>The application stopped in good order.</summary>
    public static SecurityEvent SysShutdown() =>
        Make("sys_shutdown", Warn, Process, e => $"The application stopped in good order{Words.Because(e)}.", "end") with { Severity = EventSeverity.Low };

    /// <summary>The application was restarted.</summary>
    public static SecurityEvent SysRestart() => Make("sys_restart", Warn, Process, e => Words.Did(e, "restarted the application", "restart the application"), "change");

    /// <summary>The application crashed.</summary>
    public static SecurityEvent SysCrash(string reason) =>
        Failed("sys_crash", Warn, Process, e => $"The application crashed{Words.Because(e)}.", "end") with { Reason = reason };

    /// <summary>Something that watches was switched off.</summary>
    public static SecurityEvent SysMonitorDisabled(string monitor) => Monitor("sys_monitor_disabled", "off", monitor);

    /// <summary>Something that watches was switched on.</summary>
    public static SecurityEvent SysMonitorEnabled(string monitor) => Monitor("sys_monitor_enabled", "on", monitor);

    /// <summary>An exception reached the pipeline (extension).</summary>
    public static SecurityEvent AppException(string type, bool handled) =>
        (Failed("app_exception", null, Web, Thrown, "error") with { Severity = handled ? EventSeverity.Low : EventSeverity.Medium })
            .With(EventFields.ErrorType, type).With(EventFields.ErrorHandled, handled);

    /// <summary>The application answered 500 and nobody saw an exception (extension).</summary>
    internal static SecurityEvent AppUnseenException() =>
        Failed("app_exception", null, Web, e => $"The application answered {Words.Called(e)} with 500; no exception was seen.", "error")
            with { Severity = EventSeverity.Low, Reason = "answered 500; no exception was seen" };

    /// <summary>What is captured and what is not, as found at start (extension).</summary>
    public static SecurityEvent AuditCoverage() => Make("audit_coverage", null, Configuration, Covered, "info");

    /// <summary>A hook failed inside: what it saw is not recorded, or not whole (extension).</summary>
    internal static SecurityEvent AuditHookFailed(string hook, long failures, string type) =>
        (Failed("audit_hook_failed", null, Configuration, HookFailed, "info") with { Severity = EventSeverity.High })
            .With(EventFields.HookName, hook).With(EventFields.HookFailures, failures).With(EventFields.ErrorType, type);

    /// <summary>The framework counted more than the journal has (extension).</summary>
    internal static SecurityEvent AuditReconciliation(ImmutableArray<string> differences, long missing) =>
        (Failed("audit_reconciliation", null, Configuration, Differs, "info") with { Severity = EventSeverity.High })
            .With(EventFields.Differences, differences).With(EventFields.MissingEvents, missing);

    /// <summary>The machine's clock was set while the application ran (extension).</summary>
    internal static SecurityEvent AuditClockStepped(TimeSpan step) =>
        (Make("audit_clock_stepped", null, Configuration, Stepped, "info") with { Severity = EventSeverity.High })
            .With(EventFields.ClockStep, (long)step.TotalMilliseconds);

    /// <summary>The journal is in trouble, in its own words (extension).</summary>
    internal static SecurityEvent AuditJournalTrouble(string kind, string message) =>
        (Failed("audit_journal_trouble", null, Configuration, e => $"The journal is in trouble: {e.Reason}", "info") with { Severity = EventSeverity.High, Reason = message })
            .With(EventFields.JournalTrouble, kind);

    /// <summary>Detection did not see lines of the journal (extension).</summary>
    internal static SecurityEvent AuditGap(long lines) =>
        (Failed("audit_gap", null, Attack, Unseen, "info") with { Severity = EventSeverity.High, Reason = "damaged, or removed before they were read" })
            .With(AlertFields.Unwatched, lines);

    private static string Unseen(SecurityEvent e) => $"Detection did not see {e[AlertFields.Unwatched]} lines of the journal{Words.Because(e)}.";

    private static string Stepped(SecurityEvent e)
    {
        var step = TimeSpan.FromMilliseconds(e[EventFields.ClockStep] is long milliseconds ? milliseconds : 0);
        var size = step.Duration() switch
        {
            { TotalMinutes: < 2 } span => $"{(int)span.TotalSeconds} seconds",
            { TotalHours: < 2 } span => $"{(int)span.TotalMinutes} minutes",
            { TotalDays: < 2 } span => $"{(int)span.TotalHours} hours",
            var span => $"{(int)span.TotalDays} days",
        };
        return $"The machine's clock was set {(step < TimeSpan.Zero ? "back" : "ahead")} by {size}.";
    }

    /// <summary>Alerts have not reached a channel (extension).</summary>
    internal static SecurityEvent AuditAlertUndelivered(string channel, string state, long count, ImmutableArray<string> alerts, string reason) =>
        (Failed("audit_alert_undelivered", null, Configuration, Undelivered, "info") with { Severity = EventSeverity.High, Reason = reason.TrimEnd('.') })
            .With(DeliveryFields.Channel, channel).With(DeliveryFields.State, state).With(DeliveryFields.Count, count)
            .With(DeliveryFields.Alerts, alerts.IsEmpty ? null : alerts);

    private static string Undelivered(SecurityEvent e)
    {
        var channel = Words.Field(e, DeliveryFields.Channel);
        var count = e[DeliveryFields.Count] is long several and not 1 ? $"{several} alerts" : "An alert";
        return e[DeliveryFields.State] switch
        {
            "given_up" => $"{count} will not be delivered on the channel {channel} any more{Words.Because(e)}.",
            "skipped" => $"Lines were gone before the channel {channel} had read them; alerts may have been among them{Words.Because(e)}.",
            _ => $"The alert channel {channel} does not deliver{Words.Because(e)}.",
        };
    }

    private static string Differs(SecurityEvent e) =>
        $"The framework counted more than was recorded: {Words.List(Words.Fields(e, EventFields.Differences))}.";

    private static string HookFailed(SecurityEvent e)
    {
        var times = e[EventFields.HookFailures] is long failures and > 1 ? $"{failures} times" : "once";
        return $"The hook {Words.Field(e, EventFields.HookName)} failed {times}, at last with {Words.Field(e, EventFields.ErrorType)}: what it saw is not recorded.";
    }

    private static SecurityEvent Monitor(string action, string state, string monitor) =>
        Make(action, Warn, Configuration, e => e.User is null
            ? $"The monitor {Words.Attribute(e, "monitor")} is switched {state}{Words.Because(e)}."
            : Words.Did(e, $"switched {state} the monitor {Words.Attribute(e, "monitor")}", $"switch {state} the monitor {Words.Attribute(e, "monitor")}"), "change")
            .WithAttribute("monitor", monitor);

    private static string Thrown(SecurityEvent e)
    {
        var end = e[EventFields.ErrorHandled] is true ? "which the application handled" : "which nobody handled";
        var where = e[EventFields.Page] is string page ? $"The page {Words.Value(page)}"
            : e[EventFields.RpcService] is null && e[EventFields.Method] is null ? "The application"
            : Words.Called(e);
        return $"{where} met the exception {Words.Field(e, EventFields.ErrorType)}, {end}{Words.Because(e)}.";
    }

    private static string Covered(SecurityEvent e)
    {
        var captured = Words.Fields(e, CoverageFields.Captured);
        var missing = Words.Fields(e, CoverageFields.Missing).AddRange(Words.Fields(e, CoverageFields.MissingParts));
        var gaps = missing.IsEmpty ? "" : $", but not {Words.List(missing, "or")}";
        return $"The audit covers {Words.List(captured)}{gaps}{Accepted(Words.Fields(e, CoverageFields.AcceptedGaps).Length)}.{Unmatched(e)}";
    }

    // Their names stand in the fields: there may be many.
    private static string Accepted(int gaps) => gaps switch
    {
        0 => "",
        1 => "; one gap is accepted",
        _ => "; several gaps are accepted",
    };

    private static string Unmatched(SecurityEvent e) =>
        Words.Fields(e, CoverageFields.UnmatchedAcceptedGaps).IsEmpty ? "" : " An accepted name is no gap of the application.";
}
