using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Following;

/// <summary>
/// Judges what processes that died left behind unjudged in the same journal: a process that crashes writes the next time into whatever log is
/// free, which need not be its own. What is found is recorded in this process's log.
/// </summary>
/// <remarks>Of a log that no detection ever judged nothing is told: it is of a time before, and may be years old.</remarks>
internal sealed class LeftLogs(
    string journalDirectory, string ownId, Func<JournalLog, DetectionState, LogFollower> followerOf, TimeProvider time, Action<string, Exception> failed)
{
    /// <summary>How long the last segment of each log was when the log was judged: one that did not grow is not read again.</summary>
    private readonly Dictionary<string, (string Segment, long Length)> _judged = new(StringComparer.Ordinal);

    /// <summary>Until cancelled; nothing else ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => JournalFollower.RepeatAsync(
        JudgeAllAsync, JournalFollower.LookForLeftLogsEvery, time, failure => failed("the logs that were left behind", failure), cancellationToken);

    private Task JudgeAllAsync(CancellationToken cancellationToken)
    {
        foreach (var log in JournalDirectory.LeftBehind(journalDirectory, ownId))
        {
            Judge(log, cancellationToken);
        }

        return Task.CompletedTask;
    }

    private void Judge(JournalLog log, CancellationToken cancellationToken)
    {
        var file = DetectionState.FileOf(journalDirectory, log.Id);
        var end = (log.Segments[^1].Name, new FileInfo(log.Segments[^1].Path).Length);
        if (_judged.GetValueOrDefault(log.Id) == end || !File.Exists(file.Path))
        {
            return;
        }

        using var held = file.TryLock();
        if (held is null || file.Load() is not { Bookmark: { } before } state)
        {
            return;
        }

        using var follower = followerOf(log, state);
        follower.CatchUp(cancellationToken);
        if (follower.HasUnrecorded)
        {
            return; // the journal takes no alert now: looked at again
        }

        if (follower.Position != before)
        {
            file.Save(follower.State());
        }

        _judged[log.Id] = end;
    }
}
