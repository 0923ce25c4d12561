namespace SecurityAudit.Journal.Tests.Recovery;

/// <summary>However many segments a process that crashes at each start has left, each is read once when the log is opened.</summary>
public sealed class BackwardReadTests : IDisposable
{
    private readonly JournalOnDisk _log = new();
    private readonly List<long> _read = [];

    public void Dispose() => _log.Dispose();

    [Fact]
    public void SegmentsWithoutASignatureAreReadOnceUpToTheLastThatHasOne()
    {
        Signed();
        Signed();
        var first = Unsigned(200);

        var end = Inspect().End;

        Assert.Equal((_log.Size, null), (end.Tree.Size, end.Damage));
        Assert.Equal(first, end.Proven);
        Assert.Equal(201, _read.Count);
        Assert.Equal(_read.Distinct(), _read);
    }

    [Fact]
    public void ALogWithoutAnySignatureIsReadOnceToo()
    {
        Unsigned(200);

        Assert.Equal((_log.Size, 0L), (Inspect().End.Tree.Size, Inspect().End.Proven));
        Assert.Equal(2 * 201, _read.Count);
    }

    [Fact]
    public void CheckpointsOfAnotherKeyOrLogAreNoReasonToScanAndNoneToStop()
    {
        Signed();
        for (var i = 0; i < 100; i++)
        {
            _log.Roll();
            _log.AppendCheckpoint(Checkpoint.Sign(_log.Origin, _log.Size, _log.Root, new TestSigner()));
            _log.AppendCheckpoint(Checkpoint.Sign("security-audit/aaaaaaaa", _log.Size, _log.Root, _log.Signer));
        }

        Assert.Equal((_log.Size, null), (Inspect().End.Tree.Size, Inspect().End.Damage));
        Assert.Equal(2 * 101, _read.Count);
    }

    [Fact]
    public void AHeaderWhoseRootIsNotThatOfItsFrontierIsNoneToGoOnFrom()
    {
        _log.AppendMany(2);
        var before = _log.State();
        var genuine = Some.Text(ControlPayload.Opened(Some.Moment, before, _log.Signer.Key, Some.Address, 1, TimeSpan.FromSeconds(1)));
        var line = _log.Seal(Some.Utf8(genuine.Replace(Convert.ToBase64String(before.Root()), Convert.ToBase64String(Some.Hash(1)), StringComparison.Ordinal)));
        var segment = Path.Combine(_log.Directory, JournalSegment.NameOf(before.Size));
        File.WriteAllBytes(segment, [.. line, .. _log.Seal(ControlPayload.Checkpoint(Some.Moment, _log.Signed))]);

        var opening = SegmentOpening.Read(JournalSegment.At(segment)!)!;
        var end = Inspect().End;

        Assert.Equal((ControlAction.Opened, null, null), (opening.Control!.Action, opening.Before, opening.Head));
        Assert.Equal((before.Size + 2, null, 2), (end.Tree.Size, end.Damage, end.Segments));
        Assert.Equal([before.Size, 0], _read);
    }

    [Fact]
    public void ASegmentThatRepeatsTheLinesOfABrokenOneIsReadWithTheOneThatBeganThem()
    {
        _log.AppendMany(2);
        var before = _log.State();
        var text = File.ReadAllText(_log.Segment);
        _log.AppendCheckpoint();
        var replaced = File.ReadAllText(_log.Segment)[text.Length..];
        File.WriteAllText(_log.Segment, text);
        File.WriteAllText(Path.Combine(_log.Directory, JournalSegment.NameOf(before.Size)), replaced); // no header: it goes on where the broken one ended

        var end = Inspect().End;

        Assert.Equal((before.Size + 1, before.Size + 1, 2), (end.Tree.Size, end.Proven, end.Segments));
        Assert.Equal([before.Size, 0], _read);
    }

    private LogRecovery Inspect() => LogRecovery.Inspect(_log.Directory, [_log.Signer.Key], segment =>
    {
        _read.Add(segment.First);
        return new SegmentBytes(segment.First, (byte[])[0, .. File.ReadAllBytes(segment.Path)]);
    });

    private void Signed()
    {
        _log.AppendMany(2);
        _log.AppendCheckpoint();
        _log.Roll();
        _log.AppendCheckpoint();
    }

    private long Unsigned(int segments)
    {
        var first = _log.Size;
        for (var i = 0; i < segments; i++)
        {
            _log.Roll();
            _log.AppendMany(1);
        }

        return first;
    }
}
