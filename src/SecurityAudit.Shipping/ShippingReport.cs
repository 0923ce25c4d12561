using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>
/// What happens to single lines of a log on their way, written down, counted and said: refused, in doubt, gone before they were shipped,
/// forked.
/// </summary>
internal sealed class ShippingReport(ShippingFiles files, ShippingLedger ledger, ShippingMetrics metrics, Action<ShippingNotice> notify, TimeProvider time)
{
    private readonly string _id = files.LogId;
    private long _expected = ledger.Record.Next;

    /// <summary>What the journal does not have any more cannot be shipped.</summary>
    public void Read(in JournalLine line)
    {
        if (line.Sequence > _expected && !files.IsRepair)
        {
            var count = line.Sequence - _expected;
            files.AddSkipped(new SkippedRange(_expected, line.Sequence - 1, time.GetUtcNow()));
            ledger.Skipped(count);
            metrics.Skipped(count);
            Say(ShippingNoticeKind.Skipped,
                $"Lines {_expected} to {line.Sequence - 1} of log {_id} cannot be shipped: the journal does not have them any more (pruned, lost or damaged). "
                + "'security-audit verify' tells which.",
                count);
        }

        _expected = Math.Max(_expected, line.Sequence + 1);
    }

    /// <summary>Keeps the line with the reason and puts an envelope in its place; true when even that was the envelope.</summary>
    public bool SetAside(Batch batch, BatchEntry entry, LineOutcome outcome)
    {
        var reason = outcome.Verdict == LineVerdict.Redirected ? "stored in the failure store: " + outcome.Reason : outcome.Reason ?? "";
        files.AddDeadLetter(entry.Sequence, time.GetUtcNow(), outcome.Status, entry.Envelope is null ? reason : "the envelope too: " + reason, batch.Line(entry));
        if (entry.Envelope is not null)
        {
            return true;
        }

        entry.Envelope = Envelope.Of(_id, entry, batch.Line(entry), reason, time.GetUtcNow());
        ledger.DeadLetter();
        metrics.DeadLetter();
        Say(outcome.Verdict == LineVerdict.Redirected ? ShippingNoticeKind.Redirected : ShippingNoticeKind.DeadLetter,
            $"Line {entry.Sequence} of log {_id} is kept in '{files.DeadLetterPath}': {outcome.Status} {reason}");
        return false;
    }

    /// <summary>Lines that are settled and of which it is not sure that each is stored once.</summary>
    public void Doubt(IReadOnlyList<(BatchEntry Entry, LineOutcome Outcome)> settled)
    {
        foreach (var doubtful in settled.Where(line => line.Outcome.Doubt is not null).GroupBy(line => line.Outcome.Doubt!.Value))
        {
            var (first, last, count) = (doubtful.First(), doubtful.Last(), doubtful.Count());
            var range = new DoubtfulRange(first.Entry.Sequence, last.Entry.Sequence, first.Entry.PlaceBefore, last.Outcome.Place, time.GetUtcNow(), doubtful.Key);
            files.AddDoubt(range);
            ledger.Doubtful(count);
            metrics.Doubtful(count);
            Say(ShippingNoticeKind.Doubtful, $"Log {_id}: {range}. Comparing the destination with the journal ('reconcile') tells.", count);
        }
    }

    public void Forked(IEnumerable<Fork> forks)
    {
        foreach (var fork in forks)
        {
            ledger.Forked(fork.Sequence);
            Say(ShippingNoticeKind.Fork, fork.ToString());
        }
    }

    public void Say(ShippingNoticeKind kind, string message, long count = 1) => notify(new ShippingNotice(kind, _id, message, count));
}
