namespace SecurityAudit.Journal;

/// <summary>
/// Proves a journal, or says where it is not what was written. Reads only; also while the journal is written. Needs constant memory.
/// </summary>
public static class JournalVerifier
{
    /// <summary>Verifies a journal directory with all its logs, one log directory, or one segment alone.</summary>
    /// <exception cref="JournalException">There is no journal at the path.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static VerificationReport Verify(
        string path, VerifyOptions? options = null, IProgress<VerificationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new VerifyOptions();
        var isAlone = File.Exists(path);
        var logs = isAlone ? [Alone(path)] : Logs(path, options);
        var total = logs.SelectMany(log => log.Segments).Sum(segment => new FileInfo(segment.Path).Length);
        var done = 0L;

        var reports = new List<LogReport>();
        var findings = new List<VerificationFinding>();
        foreach (var log in logs)
        {
            var (report, found) = new LogVerification(log, isAlone, options).Run(Advance, cancellationToken);
            reports.Add(report);
            findings.AddRange(found);
        }

        findings.AddRange(Copies(logs));
        if (!isAlone)
        {
            findings.AddRange(Absent(path, logs, options));
        }

        return new VerificationReport(reports, findings);

        void Advance(long bytes) => progress?.Report(new VerificationProgress(done += bytes, Math.Max(total, done)));
    }

    private static JournalLog Alone(string path)
    {
        var segment = JournalSegment.At(path) ?? throw new JournalException(
            $"'{path}' is not a segment of a journal: expected a name of 20 digits and '.jsonl'. Give the journal's directory, or a segment under its own name.");
        return new JournalLog(Path.GetDirectoryName(Path.GetFullPath(path))!, JournalDirectory.Identity([segment]), [segment]);
    }

    private static IReadOnlyList<JournalLog> Logs(string path, VerifyOptions options)
    {
        if (!Directory.Exists(path))
        {
            throw new JournalException($"'{path}' does not exist: expected a journal's directory or one of its segments.");
        }

        var logs = JournalDirectory.Logs(path);
        return logs.Count > 0 || options.AtLeastAsNewAs.Count > 0
            ? logs
            : throw new JournalException($"'{path}' holds no journal: expected segments, files named by 20 digits and '.jsonl'.");
    }

    private static IEnumerable<VerificationFinding> Copies(IReadOnlyList<JournalLog> logs) =>
        from copy in logs.Where(log => log.Id.Length > 0).GroupBy(log => log.Id).SelectMany(same => same.Skip(1))
        select new VerificationFinding(
            FindingKind.DuplicateLog, copy.Directory, 0, 0,
            $"{copy.Directory} bears the identity {copy.Id} of another log of this journal: one of them is a copy.");

    private static IEnumerable<VerificationFinding> Absent(string path, IReadOnlyList<JournalLog> logs, VerifyOptions options) =>
        from anchor in options.AtLeastAsNewAs
        where logs.All(log => log.Id != anchor.JournalId)
        select new VerificationFinding(
            FindingKind.RolledBack, path, 0, 0,
            $"{path} has no log {anchor.JournalId}, of which a checkpoint that was kept elsewhere covers {anchor.Size} lines: it was removed or replaced.");
}
