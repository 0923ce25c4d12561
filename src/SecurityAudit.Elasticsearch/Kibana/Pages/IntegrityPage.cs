namespace SecurityAudit.Elasticsearch.Kibana.Pages;

internal static class IntegrityPage
{
    /// <summary>Each of them exact, however many lines there are and in however many indices.</summary>
    private static readonly Measure[] Lines =
        [Measure.Largest("event.sequence", "Newest line"), Measure.Smallest("event.sequence", "Oldest line"), new(MeasureKind.Count, "Lines"), Measure.LastSeen];

    public static Dashboard Dashboard { get; } = new("security-audit-integrity", "Integrity and health of the audit",
        "Is the audit itself whole, complete and alive?",
    [
        Panels.Count("Checkpoints", Queries.Checkpoints, 12),
        Panels.Distinct("Logs", "journal.id : *", "journal.id", 12),
        Panels.WhereEmptyIsGood(Panels.Count("Troubles", Queries.Troubles, 12)),
        Panels.WhereEmptyIsGood(Panels.Count("Refused by the engine", Queries.Refused, 12)),
        Panels.OverTime("Checkpoints by log (silence is an alarm)", Queries.Checkpoints, "journal.id", 24),
        Panels.OverTime("The journal's own lines", Queries.OwnLines, "event.action", 24),
        Panels.Table("Lines by log: more than from the oldest to the newest are a fork, fewer a gap", "journal.id : * and event.sequence : *", 24, Lines, "journal.id"),
        Panels.Seen("Who writes which log", "event.action : \"journal.opened\"", 24, "journal.id", "security_audit.journal.host"),
        Panels.Seen("Starts and stops", "event.action : (\"sys_startup\" or \"sys_shutdown\" or \"sys_restart\" or \"sys_crash\")", 24, "host.name", "event.action"),
        Panels.WhereEmptyIsGood(Panels.Top("What is wrong with the audit", Queries.Troubles, 24, "event.action", "event.reason")),
        Panels.WhereEmptyIsGood(Panels.Top("Not covered", "security_audit.coverage.missing : *", 24, "security_audit.coverage.missing", "service.name")),
        Panels.Search(Searches.Integrity) with { IsQuiet = true },
    ])
    {
        Controls = ["journal.id", "service.name", "host.name"],
    };
}
