using System.Globalization;
using System.Security.Cryptography;

namespace SecurityAudit.Journal;

/// <summary>
/// Finds the first log of a journal directory that this process may write: neither held by another writer nor marked as damaged, and in
/// accord with its anchors. What is wrong with the others is marked and said.
/// </summary>
internal sealed class LogOpening(string directory, JournalOptions options, IJournalSigner signer, HealthBoard health)
{
    private const int MaxSlots = 1000;
    private const string IdCharacters = "abcdefghijklmnopqrstuvwxyz234567";

    public OpenedLog Open()
    {
        DirectoryAccess.Judge(directory, health);
        foreach (var anchor in options.Anchors.OfType<FileAnchor>())
        {
            DirectoryAccess.Judge(anchor.DirectoryPath, health);
        }

        for (var slot = 0; slot < MaxSlots; slot++)
        {
            var logDirectory = JournalDirectory.LogDirectory(directory, slot);
            Disk.CreateDirectory(logDirectory);
            if (LogLock.TryTake(logDirectory) is not { } held)
            {
                continue;
            }

            try
            {
                if (TryOpen(logDirectory, held) is { } log)
                {
                    if (slot > 0)
                    {
                        health.Say(JournalNoticeKind.SlotTaken, $"The log in '{directory}' is in use or damaged; this process writes its own log in '{logDirectory}'.");
                    }

                    return log;
                }
            }
            catch
            {
                held.Dispose();
                throw;
            }

            held.Dispose();
        }

        throw new JournalException(
            $"All {MaxSlots} logs in '{directory}' are in use or damaged, expected a free one. "
            + "Give each application a journal directory of its own, and archive damaged logs.");
    }

    private OpenedLog? TryOpen(string logDirectory, LogLock held)
    {
        if (DamageMark.IsOn(logDirectory))
        {
            health.Raise(
                JournalNoticeKind.Damaged,
                $"The log in '{logDirectory}' was found damaged and is not continued. Run 'security-audit verify', keep it as evidence, and archive it.");
            return null;
        }

        var recovery = LogRecovery.Inspect(logDirectory, [signer.Key]);
        var end = recovery.End;
        if (end.Damage is { } damage)
        {
            return Mark(logDirectory, JournalNoticeKind.Damaged, $"is damaged: {damage}");
        }

        var id = end.Id ?? RandomNumberGenerator.GetString(IdCharacters, JournalLineFormat.IdLength);
        var latest = options.Anchors.Select(anchor => (Anchor: anchor, Latest: LatestOf(anchor, OriginOf(id)))).ToList();
        foreach (var (anchor, checkpoint) in latest)
        {
            if (checkpoint?.Size > end.Tree.Size)
            {
                return Mark(logDirectory, JournalNoticeKind.RolledBack, string.Create(CultureInfo.InvariantCulture,
                    $"ends at line {end.Tree.Size}, but the {anchor.Name} has a checkpoint over {checkpoint.Size} lines: it was cut or rolled back"));
            }

            if (checkpoint?.Size == end.Tree.Size && !checkpoint.Root.Span.SequenceEqual(end.Tree.Root()))
            {
                return Mark(logDirectory, JournalNoticeKind.Damaged, $"is not the one of which the {anchor.Name} has a checkpoint: its lines are others");
            }
        }

        var torn = recovery.Mend();
        if (torn > 0)
        {
            health.Say(JournalNoticeKind.Recovered, string.Create(CultureInfo.InvariantCulture,
                $"The log in '{logDirectory}' ended in {torn} bytes that a crash had left torn, expected whole lines. "
                + $"They were moved to '{LogFiles.Quarantine}'; nothing acknowledged was in them."));
        }

        if (end.HasUnproven)
        {
            health.Say(JournalNoticeKind.Recovered, string.Create(CultureInfo.InvariantCulture,
                $"The log in '{logDirectory}' ends in lines {end.Proven} to {end.Tree.Size - 1} that no signature covers, as a crash leaves them. "
                + $"They are kept, and a journal.recovered line marks them: whoever could write the files could have written them."));
        }

        var feeds = latest.Select(l => new AnchorFeed(l.Anchor, health, options.WaitTimeout, l.Latest)).ToList();
        var log = new OpenedLog(logDirectory, held, id, end, torn, LogAddress.Of(logDirectory), new AnchorFeeds(feeds));
        if (log.CopiedFrom is { } before)
        {
            health.Say(JournalNoticeKind.Copied,
                $"The log in '{logDirectory}' was written elsewhere ({before}) and stands on {log.Address} now: it was copied, restored or moved. "
                + "If the original is still written, two logs have one identity: give this machine a journal of its own (remove the copy's "
                + "directory, keys included).");
        }

        return log;
    }

    private OpenedLog? Mark(string logDirectory, JournalNoticeKind kind, string finding)
    {
        var message = $"The log in '{logDirectory}' {finding}. It is kept as it is and a new log is begun. Find out who changed it; "
            + "'security-audit verify' shows which lines are provably good.";
        DamageMark.Put(logDirectory, message);
        health.Raise(kind, message);
        return null;
    }

    private string OriginOf(string id) => $"{options.Origin}/{id}";

    private Checkpoint? LatestOf(ICheckpointAnchor anchor, string origin)
    {
        try
        {
            using var patience = new CancellationTokenSource(options.WaitTimeout);
            var checkpoint = Task.Run(() => anchor.LatestAsync(origin, patience.Token).AsTask(), patience.Token)
                .WaitAsync(options.WaitTimeout).GetAwaiter().GetResult();
            if (checkpoint is null || checkpoint.Origin == origin)
            {
                return checkpoint;
            }

            throw new JournalException($"It gave a checkpoint of '{checkpoint.Origin}', expected '{origin}'.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            health.Raise(
                JournalNoticeKind.AnchorFailed,
                $"The {anchor.Name} did not tell its last checkpoint: {e.Message} Whether the journal was rolled back could not be checked; see that it can be reached.",
                e);
            return null;
        }
    }
}
