using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;

namespace SecurityAudit.Hosting;

/// <summary>Opens the journal as the options say and passes on what it reports about itself.</summary>
internal static partial class JournalOpening
{
    public static JournalWriter Open(IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<IOptions<SecurityAuditOptions>>().Value.Journal;
        var logger = provider.GetRequiredService<ILogger<JournalWriter>>();
        var options = provider.GetRequiredService<IOptions<JournalOptions>>().Value;
        options.FailureMode = settings.FailureMode;
        options.MaxSegmentBytes = settings.MaxSegmentBytes;
        options.MaxSegmentAge = settings.MaxSegmentAge;
        options.WaitTimeout = settings.WaitTimeout;
        options.BufferBytes = settings.BufferBytes;
        options.Retention = settings.Retention;
        options.PruneUnsettled = settings.PruneUnsettled;
        options.Origin = settings.Origin;
        options.AllowNetworkFileSystem = settings.AllowNetworkFileSystem;
        options.TimeProvider = provider.GetRequiredService<TimeProvider>();
        if (settings.AnchorDirectory is { } anchor)
        {
            options.Anchors.Add(new FileAnchor(Path.GetFullPath(anchor, provider.GetRequiredService<IHostEnvironment>().ContentRootPath)));
        }

        options.OnNotice += notice => Report(logger, notice);
        return JournalWriter.Open(provider.GetRequiredService<JournalLocation>().Directory, options);
    }

    private static void Report(ILogger logger, JournalNotice notice)
    {
        if (notice.Error is null)
        {
            Log.Noticed(logger, notice.Kind, notice.Message);
        }
        else
        {
            Log.Failed(logger, notice.Error, notice.Kind, notice.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Journal {Kind}: {Message}")]
        public static partial void Noticed(ILogger logger, JournalNoticeKind kind, string message);

        [LoggerMessage(2, LogLevel.Error, "Journal {Kind}: {Message}")]
        public static partial void Failed(ILogger logger, Exception failure, JournalNoticeKind kind, string message);
    }
}
