using System.Numerics;

namespace SecurityAudit.Journal;

/// <summary>
/// Draws proofs from a log for somebody who does not have it. Verify the log first: a proof of an altered log verifies nowhere.
/// </summary>
public static class JournalProofs
{
    /// <summary>Proves that a line is in the log, against the newest checkpoint in the log; the proof carries the line.</summary>
    /// <exception cref="JournalException">The line is not there, no checkpoint covers it yet, or pruned lines are needed for the
    /// proof.</exception>
    public static TlogProof Inclusion(JournalLog log, long sequence)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        var first = log.Segments[0].First;
        if (sequence < first)
        {
            throw new JournalException($"Line {sequence} of log {log.Id} was pruned: the log begins with line {first}.");
        }

        var checkpoint = NewestCheckpoint(log);
        if (checkpoint is null || checkpoint.Size <= sequence)
        {
            throw new JournalException(
                $"No checkpoint of log {log.Id} covers line {sequence}: the newest covers {checkpoint?.Size ?? 0} lines. Try again when the next was written.");
        }

        var hashes = Draw(log, ProofPlan.Inclusion(sequence, checkpoint.Size), checkpoint.Size);
        return new TlogProof(sequence, hashes, checkpoint) { Line = LineAt(log, sequence) };
    }

    /// <summary>
    /// Proves that the log still begins with what a checkpoint kept elsewhere covers, against the newest checkpoint in the log.
    /// </summary>
    /// <exception cref="JournalException">The log has no checkpoint that covers as much, or pruned lines are needed for the
    /// proof.</exception>
    public static ConsistencyProof Consistency(JournalLog log, Checkpoint old)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(old);
        var newest = NewestCheckpoint(log);
        if (newest is null || newest.Size < old.Size)
        {
            throw new JournalException(
                $"The checkpoint covers {old.Size} lines; the newest in log {log.Id} covers {newest?.Size ?? 0}, expected at least as many: "
                + "the log was cut or rolled back, or its next checkpoint is not written yet.");
        }

        return new ConsistencyProof(old.Size, Consistency(log, old.Size, newest.Size), newest);
    }

    /// <summary>The RFC 6962 proof that the log of the old size is the beginning of the log of the new size.</summary>
    /// <exception cref="JournalException">The log is shorter, or pruned lines are needed for the proof.</exception>
    public static IReadOnlyList<byte[]> Consistency(JournalLog log, long oldSize, long newSize)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(oldSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(newSize, oldSize);
        return Draw(log, ProofPlan.Consistency(oldSize, newSize), newSize);
    }

    /// <summary>The root of the log when it had this many lines.</summary>
    /// <exception cref="JournalException">The log is shorter, or that state was pruned.</exception>
    public static byte[] RootAt(JournalLog log, long size)
    {
        ArgumentNullException.ThrowIfNull(log);
        var tree = new MerkleTree();
        Pass(log, size, (_, level, hash) => tree.AppendSubtree(hash, level));
        return tree.Root();
    }

    private delegate void Subtree(long from, int level, ReadOnlySpan<byte> hash);

    private static IReadOnlyList<byte[]> Draw(JournalLog log, ProofPlan plan, long size)
    {
        Pass(log, size, plan.Add);
        return plan.Hashes() ?? throw new JournalException(
            $"The proof needs lines of log {log.Id} before line {log.Segments[0].First}, which were pruned: draw it from a copy that still has them.");
    }

    private static void Pass(JournalLog log, long size, Subtree take)
    {
        var first = log.Segments[0];
        if (size < first.First)
        {
            throw new JournalException($"Log {log.Id} begins with line {first.First}: its state at {size} lines was pruned.");
        }

        if (first.First > 0)
        {
            PassFrontier(first, take);
        }

        using var reader = new JournalReader(log.Directory) { Limit = size };
        var next = first.First;
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        while (next < size && reader.TryRead(out var line) && line.Sequence == next && JournalLineFormat.TryReadHash(line.Utf8.Span, leaf))
        {
            take(next++, 0, leaf);
        }

        if (next < size)
        {
            throw new JournalException($"Log {log.Id} cannot be read beyond line {next - 1}; {size} lines are needed. Verify it to see where it is damaged.");
        }
    }

    private static void PassFrontier(JournalSegment first, Subtree take)
    {
        var tree = SegmentOpening.Read(first)?.Before
            ?? throw new JournalException($"'{first.Path}' does not begin with journal.opened and its frontier: verify it to see why.");
        var from = 0L;
        foreach (var hash in tree.Frontier())
        {
            var level = BitOperations.Log2((ulong)(tree.Size - from));
            take(from, level, hash);
            from += 1L << level;
        }
    }

    private static byte[] LineAt(JournalLog log, long sequence)
    {
        using var reader = new JournalReader(log.Directory) { Limit = sequence + 1 };
        while (reader.TryRead(out var line))
        {
            if (line.Sequence == sequence)
            {
                return line.Utf8.ToArray();
            }
        }

        throw new JournalException($"Line {sequence} of log {log.Id} cannot be read. Verify the log to see where it is damaged.");
    }

    private static Checkpoint? NewestCheckpoint(JournalLog log)
    {
        Checkpoint? newest = null;
        using var reader = new JournalReader(log.Directory) { Limit = long.MaxValue };
        while (reader.TryRead(out var line))
        {
            if (line.IsControl
                && ControlLine.TryParse(line.Utf8.Span, out var control)
                && control.Action == ControlAction.Checkpoint
                && Checkpoint.TryParse(control.Checkpoint, out var checkpoint))
            {
                newest = checkpoint;
            }
        }

        return newest;
    }
}
