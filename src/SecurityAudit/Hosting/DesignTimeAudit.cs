using Microsoft.Extensions.Logging;

namespace SecurityAudit.Hosting;

/// <summary>Records nothing, in a process that only looks at the application, and says once that it does not.</summary>
internal sealed partial class DesignTimeAudit(string tool, ILogger<DesignTimeAudit> logger) : ISecurityAudit
{
    private int _said;

    public void Record(SecurityEvent securityEvent)
    {
        ArgumentNullException.ThrowIfNull(securityEvent);
        if (Interlocked.Exchange(ref _said, 1) == 0)
        {
            Log.NotRecorded(logger, tool, securityEvent.Action);
        }
    }

    public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default)
    {
        Record(securityEvent);
        return ValueTask.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "This process is {Tool}, which looks at the application and does not run it: '{Action}' and what follows are not recorded.")]
        public static partial void NotRecorded(ILogger logger, string tool, string action);
    }
}
