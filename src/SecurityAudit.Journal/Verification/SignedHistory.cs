namespace SecurityAudit.Journal;

/// <summary>
/// What the journal says about itself, believed as far as it is signed: checkpoints, changes of the key, what was dropped, pruned and
/// adopted.
/// </summary>
internal sealed class SignedHistory(string id, LogTree tree, VerificationPlace place, VerifyOptions options)
{
    private readonly Queue<Checkpoint> _anchors =
        new(options.AtLeastAsNewAs.Where(a => a.JournalId == id && a.Size >= place.First).OrderBy(a => a.Size));

    private readonly SignedEnd _end = new();
    private (string Path, long Offset) _endPlace;
    private bool _isSignatureExplained;
    private long _anchored;

    public KeyTrust Trust { get; } = new(options.Keys);

    /// <summary>The lines that a checkpoint with the right root and signature covers.</summary>
    public long Verified { get; private set; }

    /// <summary>The newest such checkpoint.</summary>
    public Checkpoint? Last { get; private set; }

    /// <summary>
    /// Behind the lines that the newest checkpoint covers, and behind the checkpoints that follow them without a line between.
    /// </summary>
    public long ProvenEnd { get; private set; }

    public Statements Statements { get; } = new();

    /// <summary>Checkpoints that were kept elsewhere and cover more than there is.</summary>
    public IEnumerable<Checkpoint> Unmet => _anchors;

    /// <summary>Takes one of the journal's own lines.</summary>
    public void Take(ReadOnlySpan<byte> line, long sequence, long offset)
    {
        if (!ControlLine.TryParse(line, out var control))
        {
            place.Bad(FindingKind.UnreadableControlLine, offset, sequence, $"line {sequence} is one of the journal's own, but its fields cannot be read");
            return;
        }

        Statements.Add(sequence, control, provesPruning: ProvesPruning(control));
        switch (control.Action)
        {
            case ControlAction.Checkpoint:
                CheckpointAt(control.Checkpoint, sequence, offset, offset + line.Length + 1);
                break;
            case ControlAction.KeyChanged:
                KeyChangedAt(control, sequence, offset);
                break;
            case ControlAction.Opened when sequence == place.Segment.First:
                EndAt(sequence);
                _end.Opened();
                break;
            case ControlAction.Closed:
                _end.ClosedIn(sequence);
                break;
        }
    }

    /// <summary>The log, or what one process wrote of it, ends before this line.</summary>
    public void EndAt(long sequence)
    {
        if (_end.FirstBehind(sequence) is { } behind)
        {
            place.Bad(_endPlace.Path, FindingKind.BehindSignedEnd, _endPlace.Offset, behind,
                $"{_endPlace.Path} at byte {_endPlace.Offset}: lines {behind} to {sequence - 1} stand behind the end of the log, "
                + $"which was closed in order with line {_end.Closed} and signed: somebody else wrote them.");
        }
    }

    private bool ProvesPruning(ControlLine control) =>
        control.Action == ControlAction.Pruned
        && Checkpoint.TryParse(control.Checkpoint, out var covering)
        && covering.JournalId == id
        && covering.Size >= control.To
        && Trust.SignedOnce(covering);

    private void CheckpointAt(string? note, long sequence, long offset, long endOffset)
    {
        if (!Checkpoint.TryParse(note, out var checkpoint) || checkpoint.JournalId != id)
        {
            place.Bad(FindingKind.UnreadableControlLine, offset, sequence, $"the checkpoint in line {sequence} is not one of journal {id}");
            return;
        }

        if (checkpoint.Size > sequence)
        {
            place.Bad(FindingKind.RolledBack, offset, sequence, $"the checkpoint in line {sequence} covers {checkpoint.Size} lines, but only {sequence} stand before it");
            return;
        }

        if (!Trust.Signed(checkpoint))
        {
            if (!_isSignatureExplained && Trust.Current is { } key)
            {
                place.Bad(FindingKind.UntrustedSignature, offset, Math.Max(Verified, place.First),
                    $"the checkpoint in line {sequence} is not signed by the key {key.Name}+{key.Id}");
            }

            _isSignatureExplained = true;
            return;
        }

        _isSignatureExplained = false;

        if (tree.RootAt(checkpoint.Size) is not { } root)
        {
            return;
        }

        if (root.AsSpan().SequenceEqual(checkpoint.Root.Span))
        {
            Prove(checkpoint.Size);
            Last = checkpoint;
            ProvenEnd += sequence == ProvenEnd ? 1 : 0;
            _endPlace = _end.SignedIn(sequence, checkpoint.Size) ? (place.Segment.Path, endOffset) : _endPlace;
        }
        else if (!place.IsRootExplained)
        {
            WrongRoot(checkpoint, offset, Verified, $"the checkpoint in line {sequence}");
        }
    }

    private void Prove(long size)
    {
        Verified = Math.Max(Verified, size);
        ProvenEnd = Math.Max(ProvenEnd, size);
        Statements.Believe(Verified);
    }

    private void WrongRoot(Checkpoint checkpoint, long offset, long good, string what)
    {
        var first = Math.Max(good, place.First);
        place.Bad(FindingKind.WrongRoot, offset, first,
            $"{what} has another root over {checkpoint.Size} lines: one of the lines {first} to {checkpoint.Size - 1} was altered and hashed anew");
        place.IsRootExplained = true;
    }

    private void KeyChangedAt(ControlLine control, long sequence, long offset)
    {
        if (!VerifierKey.TryParse(control.VerifierKey, out var next))
        {
            place.Bad(FindingKind.UnreadableControlLine, offset, sequence, $"the key in line {sequence} cannot be read");
        }
        else if (Trust.Change(next, control.Endorsement, id))
        {
            _isSignatureExplained = false;
        }
        else
        {
            place.Bad(FindingKind.UntrustedKeyChange, offset, sequence,
                $"line {sequence} changes to the key {next.Name}+{next.Id} without the word of the key before; if the change was yours, give both keys to verify with");
            _isSignatureExplained = true;
        }
    }

    /// <summary>Compares the checkpoints that were kept elsewhere with the log as far as it has been read.</summary>
    public void CompareAnchors()
    {
        while (_anchors.TryPeek(out var anchor) && anchor.Size <= place.Expected)
        {
            _anchors.Dequeue();
            if (tree.RootAt(anchor.Size) is not { } root)
            {
                continue;
            }

            if (root.AsSpan().SequenceEqual(anchor.Root.Span))
            {
                _anchored = anchor.Size;
                if (Trust.SignedOnce(anchor))
                {
                    Prove(anchor.Size);
                }
            }
            else if (!place.IsRootExplained)
            {
                WrongRoot(anchor, 0, _anchored, "the checkpoint that was kept elsewhere");
            }
        }
    }
}
