using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Sends lines to <c>_bulk</c>, each to be created under an id that carries its hash, and says what the answer means.</summary>
/// <param name="logId">The log whose lines are sent.</param>
/// <param name="connection">Asks the nodes.</param>
/// <param name="target">Where the lines go.</param>
/// <param name="saved">What is remembered of the log's shipping to this target; null: nothing is.</param>
internal sealed class ElasticsearchDestination(string logId, ElasticsearchConnection connection, BulkTarget target, ShippingRecord? saved) : IShippingDestination
{
    private readonly OldIds _oldIds = new(logId, new StoredHashes(connection), target.Search, saved);
    private readonly OpeningWatch _openings = new(logId, new ForkSearch(connection, target.Search));
    private readonly RollOverDoubt _rollOvers = new(target.Layout);
    private readonly BulkRequest _request = new(target);

    public string Name => connection.Node.ToString();

    public string Target => target.Search;

    public string? Memo => _oldIds.Memo;

    public async Task<BatchOutcome> SendAsync(BatchPart part, CancellationToken cancellationToken)
    {
        var (stored, forks) = await _oldIds.LookAsync(part.Entries, cancellationToken);
        var rest = part.Of([.. part.Entries.Where(entry => !stored.Contains(entry))]);
        var outcome = rest.Entries.Count == 0 ? new BatchOutcome(BatchOutcomeKind.Answered) : await BulkAsync(rest, cancellationToken);
        if (outcome.Kind != BatchOutcomeKind.Answered)
        {
            return outcome with { Forks = [.. forks, .. outcome.Forks] };
        }

        var answered = rest.Entries.Zip(outcome.Lines).ToDictionary(line => line.First, line => line.Second);
        return outcome with
        {
            Lines = [.. part.Entries.Select(entry => answered.GetValueOrDefault(entry, new LineOutcome(LineVerdict.AlreadyThere, 409, "", null)))],
            Forks = [.. forks, .. outcome.Forks, .. await _openings.LookAsync(part, answered, cancellationToken)],
        };
    }

    private async Task<BatchOutcome> BulkAsync(BatchPart part, CancellationToken cancellationToken)
    {
        var ids = part.Entries.Select(_oldIds.IdOf).ToList();
        _request.Build(part, ids);
        Response response;
        do
        {
            try
            {
                response = await connection.SendLinesAsync(target.BulkPath, _request.Body, cancellationToken);
            }
            catch (NoResponseException error)
            {
                return new BatchOutcome(error.Refused ? BatchOutcomeKind.NotReached : BatchOutcomeKind.Unknown, error.Message) { HasMoreNodes = error.MoreNodes };
            }
        }
        while (BulkStatus.LacksParameter(response) && target.SendPlain());

        var whole = new BatchOutcome(BulkStatus.Judge(response)) { Bytes = _request.Body.Length, Status = response.Status, RetryAfter = response.RetryAfter };
        if (whole.Kind != BatchOutcomeKind.Answered)
        {
            return whole with { Message = response.Error };
        }

        return BulkResponse.TryRead(response.Body, ids, out var lines, out var fault)
            ? await JudgeAsync(part, whole with { Lines = [.. part.Entries.Zip(lines, _rollOvers.Judge)] }, cancellationToken)
            : whole with { Kind = BatchOutcomeKind.Unknown, RetryAfter = null, Message = $"{connection.Node} gave an answer that does not fit the request: {fault}." };
    }

    /// <summary>
    /// An old id that is taken does not say by what: where the key may read, a line whose id a copy took is sent again under its own.
    /// </summary>
    private async Task<BatchOutcome> JudgeAsync(BatchPart part, BatchOutcome outcome, CancellationToken cancellationToken)
    {
        var taken = part.Entries.Zip(outcome.Lines).Where(line => line.Second.Verdict == LineVerdict.AlreadyThere && _oldIds.IsOld(line.First)).Select(line => line.First).ToList();
        if (taken.Count == 0)
        {
            return outcome;
        }

        var (unproven, forked) = await _oldIds.JudgeAsync(taken, cancellationToken);
        var lines = part.Entries.Zip(outcome.Lines).ToDictionary(line => line.First, line => line.Second);
        foreach (var entry in unproven)
        {
            lines[entry] = lines[entry] with { Doubt = Doubt.AnothersLine };
        }

        if (forked.Count > 0)
        {
            var again = part.Of([.. forked.Select(fork => fork.Entry)]);
            var second = await BulkAsync(again, cancellationToken);
            var settled = second.Kind == BatchOutcomeKind.Answered;
            for (var i = 0; i < again.Entries.Count; i++)
            {
                lines[again.Entries[i]] = settled ? second.Lines[i] : new LineOutcome(LineVerdict.TryAgain, second.Status, "", second.Message);
            }
        }

        return outcome with { Lines = [.. part.Entries.Select(entry => lines[entry])], Forks = [.. forked.Select(fork => fork.Fork)] };
    }
}
