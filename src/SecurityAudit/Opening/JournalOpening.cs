using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;

namespace SecurityAudit.Opening;

/// <summary>Opens the journal as the options say and passes on what it reports about itself.</summary>
internal static partial class JournalOpening
{
    /// <summary>Beside what the journal itself waits for, its anchors among it, an opening gets this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="OptionsValidationException">The options cannot be used.</exception>
    /// <exception cref="JournalException">Where the owner chose Refuse: there is no journal.</exception>
    public static AuditJournal Open(IServiceProvider provider)
    {
        var logger = provider.GetRequiredService<ILogger<JournalWriter>>();
        var options = provider.GetRequiredService<IOptions<SecurityAuditOptions>>().Value.Journal; // wrong ones stop the start in either mode
        var troubles = provider.GetRequiredService<JournalTroubles>();
        options.OnNotice += notice =>
        {
            Report(logger, notice);
            troubles.Add(notice);
        };
        var location = provider.GetRequiredService<JournalLocation>();
        var pseudonyms = provider.GetRequiredService<Pseudonyms>();
        var journal = new AuditJournal(() => Open(location, options, pseudonyms, logger), options, logger);
        provider.GetRequiredService<AuditMetrics>().Watch(() => journal.Health);
        journal.Open(Patience + (options.WaitTimeout * (1 + options.Anchors.Count)));
        return journal;
    }

    private static JournalWriter Open(JournalLocation location, JournalOptions options, Pseudonyms pseudonyms, ILogger logger)
    {
        var writer = JournalWriter.Open(location.Directory, options);
        try
        {
            pseudonyms.Open(location.Directory, mustKeep: options.FailureMode == JournalFailureMode.Refuse);
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        if (location.Warning is { } warning)
        {
            Log.ElsewhereThanExpected(logger, warning);
        }

        return writer;
    }

    private static void Report(ILogger logger, JournalNotice notice)
    {
        var level = LevelOf(notice.Kind);
        Log.Noticed(logger, level, notice.Error, notice.Kind, notice.Message);
    }

    private static LogLevel LevelOf(JournalNoticeKind kind) => kind switch
    {
        JournalNoticeKind.Failed or JournalNoticeKind.Damaged or JournalNoticeKind.RolledBack => LogLevel.Critical,
        JournalNoticeKind.SegmentReplaced or JournalNoticeKind.Gap or JournalNoticeKind.SpaceCritical or JournalNoticeKind.AnchorFailed
            or JournalNoticeKind.SignerFailed => LogLevel.Error,
        JournalNoticeKind.KeyCreated or JournalNoticeKind.Restored or JournalNoticeKind.Pruned => LogLevel.Information,
        _ => LogLevel.Warning,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "Journal {Kind}: {Message}")]
        public static partial void Noticed(ILogger logger, LogLevel level, Exception? failure, JournalNoticeKind kind, string message);

        [LoggerMessage(2, LogLevel.Warning, "{Warning}")]
        public static partial void ElsewhereThanExpected(ILogger logger, string warning);
    }
}
