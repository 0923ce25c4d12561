namespace SecurityAudit.Journal.Tests.Verification;

/// <summary>However many lines say that others were adopted, each keeps its own times, and memory stays bounded.</summary>
public sealed class AdoptedRangesTests : IDisposable
{
    private readonly JournalOnDisk _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void EachAdoptedRangeHasItsOwnTimesAlsoAcrossSegments()
    {
        for (var minute = 0; minute < 6; minute++)
        {
            if (minute == 3)
            {
                _log.Roll();
            }

            _log.Append($$"""{"event.action":"test","@timestamp":"2026-11-24T04:0{{minute}}:00Z"}""");
        }

        // Lines 1 to 3 and 5 to 7 are the six; line 4 begins the second segment, in March.
        _log.Append(ControlPayload.Recovered(Some.Moment, 0, 1, 2, "A crash."));
        _log.Append(ControlPayload.Recovered(Some.Moment, 0, 2, 4, "A crash."));
        _log.Append(ControlPayload.Recovered(Some.Moment, 0, 5, 8, "A crash."));
        _log.AppendCheckpoint();
        _log.Append("""{"event.action":"test","@timestamp":"2026-11-24T04:09:00Z"}""");

        var unproven = JournalVerifier.Verify(_log.Directory).Logs[0].Unproven;

        Assert.Equal(
            [(1L, 2L, true, 0, 0), (2, 4, true, 1, 2), (5, 8, true, 3, 5), (12, 13, false, 9, 9)],
            unproven.Select(lines => (lines.From, lines.To, lines.WereAdopted, lines.Earliest!.Value.Minute, lines.Latest!.Value.Minute)));
    }

    [Fact]
    public void MoreAdoptionsThanAnyWriterLeavesUnsignedAreKeptAsOneRange()
    {
        var statements = new Statements();
        for (var i = 0; i < 10_000; i++)
        {
            var control = new ControlLine { Action = ControlAction.Recovered, From = 2 * i, To = (2 * i) + 1 };
            statements.Add(sequence: 20_000 + i, control, provesPruning: false);
        }

        statements.Believe(40_000);

        Assert.Equal(4096, statements.Adopted.Count);
        Assert.Equal((0L, 19_999L), (statements.Adopted.Min(range => range.From), statements.Adopted.Max(range => range.To)));
        Assert.All(Enumerable.Range(0, 10_000), i => Assert.Contains(statements.Adopted, range => range.From <= 2 * i && range.To > 2 * i));
    }
}
