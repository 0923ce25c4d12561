namespace SecurityAudit.Shipping;

/// <summary>Sends one batch after another, each until every line in it is settled, and does what an outcome asks for.</summary>
internal sealed class Delivery(
    IShippingDestination destination, ShippingLedger ledger, ShippingReport report, SendWindow window, RetryDelays delays, ShippingMetrics metrics, Action<DateTimeOffset> gotOn)
{
    private Batch _batch = new();

    /// <summary>However long that takes.</summary>
    public async Task SettleAsync(Batch batch, CancellationToken cancellationToken)
    {
        _batch = batch;
        ledger.Announce(batch.Entries);
        window.Begin(batch.Entries);
        while (!window.IsEmpty)
        {
            window.Advance();
            await ReactAsync(Believed(await destination.SendAsync(new BatchPart(batch, window.Current), cancellationToken)), cancellationToken);
        }
    }

    /// <summary>An answer that is not one for each line says nothing of any.</summary>
    private BatchOutcome Believed(BatchOutcome outcome) => outcome.Kind == BatchOutcomeKind.Answered && outcome.Lines.Count != window.Current.Count
        ? outcome with { Kind = BatchOutcomeKind.Unknown, Message = $"{destination.Name} spoke of {outcome.Lines.Count} lines, expected {window.Current.Count}." }
        : outcome;

    private async Task ReactAsync(BatchOutcome outcome, CancellationToken cancellationToken)
    {
        metrics.Sent(outcome.Bytes);
        report.Forked(outcome.Forks);
        switch (outcome.Kind)
        {
            case BatchOutcomeKind.Answered:
                await SettleAsync(outcome.Lines, cancellationToken);
                break;
            case BatchOutcomeKind.NotReached or BatchOutcomeKind.Unknown or BatchOutcomeKind.Later:
                if (outcome.Kind != BatchOutcomeKind.NotReached)
                {
                    MayBeStored(window.Current); // also a proxy's 502 or 504 does not tell what the destination behind it did
                    window.Failed();
                }

                await RetryAsync(outcome.Message, outcome.RetryAfter, outcome.HasMoreNodes, cancellationToken);
                break;
            case BatchOutcomeKind.TooLarge:
                await SendLessAsync(outcome, cancellationToken);
                break;
            case BatchOutcomeKind.Spoiled:
                await SuspectAsync(outcome, cancellationToken);
                break;
            default:
                await PauseAsync(outcome.Message, outcome.RetryAfter, cancellationToken);
                break;
        }
    }

    /// <summary>Each line has an outcome of its own.</summary>
    private async Task SettleAsync(IReadOnlyList<LineOutcome> outcomes, CancellationToken cancellationToken)
    {
        window.Answered();
        var settled = new List<(BatchEntry Entry, LineOutcome Outcome)>(outcomes.Count);
        string? closed = null, later = null, place = null;
        foreach (var (entry, outcome) in window.Current.Zip(outcomes))
        {
            switch (outcome.Verdict)
            {
                case LineVerdict.Stored or LineVerdict.AlreadyThere:
                    place = outcome.Place.Length > 0 ? outcome.Place : place;
                    settled.Add((entry, outcome));
                    break;
                case LineVerdict.Redirected or LineVerdict.Refused:
                    if (report.SetAside(_batch, entry, outcome))
                    {
                        settled.Add((entry, outcome));
                    }

                    break;
                case LineVerdict.Closed:
                    closed ??= $"{outcome.Status} {outcome.Reason}";
                    break;
                default:
                    if (outcome.Status >= 500)
                    {
                        MayBeStored([entry]);
                    }

                    later ??= $"{outcome.Status} {outcome.Reason}";
                    break;
            }
        }

        Settle(settled, place);
        if (closed is not null)
        {
            await PauseAsync(closed, null, cancellationToken);
        }
        else if (later is not null)
        {
            await RetryAsync(later, null, atOnce: false, cancellationToken);
        }
        else
        {
            Resume();
        }
    }

    private void Settle(List<(BatchEntry Entry, LineOutcome Outcome)> settled, string? place)
    {
        if (settled.Count == 0)
        {
            return;
        }

        report.Doubt(settled);
        window.Settle([.. settled.Select(line => line.Entry)]);
        metrics.Stored(settled.Count);
        gotOn(ledger.Settled(settled.Count, place));
    }

    private async Task SendLessAsync(BatchOutcome outcome, CancellationToken cancellationToken)
    {
        if (window.Current.Count > 1)
        {
            window.Halve();
        }
        else if (window.Current[0].Envelope is not null)
        {
            await PauseAsync($"{outcome.Message}: even an envelope is too large", outcome.RetryAfter, cancellationToken);
        }
        else
        {
            report.SetAside(_batch, window.Current[0], Refused(outcome));
        }
    }

    private async Task SuspectAsync(BatchOutcome outcome, CancellationToken cancellationToken)
    {
        switch (window.Spoiled())
        {
            case Suspicion.SameAgain:
                await RetryAsync(outcome.Message, outcome.RetryAfter, atOnce: false, cancellationToken);
                break;
            case Suspicion.Found when report.SetAside(_batch, window.Current[0], Refused(outcome)):
                window.Drop(window.Current[0]);
                break;
        }
    }

    private async Task RetryAsync(string message, TimeSpan? asked, bool atOnce, CancellationToken cancellationToken)
    {
        metrics.Retry();
        if (ledger.Trouble(ShippingState.Waiting, message))
        {
            report.Say(ShippingNoticeKind.Waiting, message);
        }

        if (!atOnce)
        {
            await delays.RetryAsync(asked, cancellationToken);
        }
    }

    private async Task PauseAsync(string message, TimeSpan? asked, CancellationToken cancellationToken)
    {
        metrics.Retry();
        if (ledger.Trouble(ShippingState.Paused, message))
        {
            report.Say(ShippingNoticeKind.Paused, message);
        }

        await delays.PauseAsync(asked, cancellationToken);
    }

    private void Resume()
    {
        delays.Reset();
        if (ledger.Resume())
        {
            report.Say(ShippingNoticeKind.Resumed, $"Shipping to {destination.Name} goes on.");
        }
    }

    private void MayBeStored(IEnumerable<BatchEntry> entries)
    {
        foreach (var entry in entries.Where(entry => !entry.MayBeStored))
        {
            (entry.MayBeStored, entry.PlaceBefore) = (true, ledger.Record.Place);
        }
    }

    private static LineOutcome Refused(BatchOutcome outcome) => new(LineVerdict.Refused, outcome.Status, "", outcome.Message);
}
