using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Metrics;

namespace SecurityAudit.Capture.Identity.Observation;

/// <summary>Records from inside the application's own calls, where nothing may be thrown: a failure is counted and logged.</summary>
internal sealed partial class IdentityRecorder(IServiceProvider services, AuditMetrics metrics, HookFailures failures, ILogger<IdentityRecorder> logger)
{
    // Resolved late: a journal that cannot be opened must not break the construction of UserManager.
    private ISecurityAudit? _audit;

    public void Record(SecurityEvent securityEvent)
    {
        try
        {
            (_audit ??= services.GetRequiredService<ISecurityAudit>()).Record(securityEvent);
        }
        catch (Exception exception)
        {
            metrics.Failed("identity");
            Log.NotRecorded(logger, securityEvent.Action, exception);
        }
    }

    /// <summary>For a hook that failed before it had an event.</summary>
    public void Failed(string hook, Exception exception)
    {
        failures.Failed(this, exception, hook);
    }

    /// <summary>What was seen is recorded, without the account that it was about.</summary>
    public void Unnamed(string asked, Exception exception)
    {
        metrics.Failed("identity");
        Log.Unnamed(logger, asked, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The security event {Action} of ASP.NET Core Identity could not be recorded; the application went on.")]
        public static partial void NotRecorded(ILogger logger, string action, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "Whose password was checked could not be asked of {Asked}; the check is recorded as far as it is known.")]
        public static partial void Unnamed(ILogger logger, string asked, Exception exception);
    }
}
