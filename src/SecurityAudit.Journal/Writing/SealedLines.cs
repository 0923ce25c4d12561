using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// The lines that wait for the disk: each is given its place and sealed into one buffer, while the other is written. Used under the intake's
/// lock.
/// </summary>
internal sealed class SealedLines : IDisposable
{
    private readonly byte[] _id;
    private readonly MerkleTree _tree;
    private readonly TimeSpan _flushInterval;
    private readonly ITimer _flushTimer;
    private LineBuffer _spare;

    /// <param name="id">The log.</param>
    /// <param name="tree">The tree of the lines before.</param>
    /// <param name="options">How many bytes wait, and for how long.</param>
    /// <param name="due">The first of the lines has waited long enough.</param>
    public SealedLines(string id, MerkleTree tree, JournalOptions options, Action due)
    {
        _id = Encoding.ASCII.GetBytes(id);
        _tree = tree;
        _flushInterval = options.FlushInterval;
        _spare = new LineBuffer(options.BufferBytes);
        Filling = new LineBuffer(options.BufferBytes);
        Filling.Restart(tree.Size);
        _flushTimer = options.TimeProvider.CreateTimer(_ => due(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What came since the last batch was taken.</summary>
    public LineBuffer Filling { get; private set; }

    /// <summary>Adds the next line, and returns its sequence number.</summary>
    public long Seal(ReadOnlySpan<byte> payload)
    {
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        var isFirst = Filling.IsEmpty;
        Filling.Add(_id, payload, leaf);
        _tree.Append(leaf);
        if (isFirst)
        {
            _flushTimer.Change(_flushInterval, Timeout.InfiniteTimeSpan);
        }

        return Filling.Next - 1;
    }

    /// <summary>Adds the line with which a segment begins.</summary>
    public void SealHeader(Func<MerkleTree, byte[]> header)
    {
        Seal(header(_tree));
        Filling.BeginsSegment = Filling.HasNews = true;
    }

    /// <summary>What came since the last time; null when nothing did. See <see cref="Intake.Take"/>.</summary>
    public LineBuffer? Take(Func<MerkleTree, byte[]>? header)
    {
        if (header is not null && Filling.IsEmpty)
        {
            SealHeader(header);
        }

        if (Filling.IsEmpty)
        {
            return null;
        }

        var batch = Filling;
        batch.After.CopyFrom(_tree);
        Filling = _spare;
        Filling.Restart(batch.Next);
        if (header is not null && !batch.BeginsSegment)
        {
            SealHeader(header);
        }

        return batch;
    }

    /// <summary>A batch that was taken is on the disk: its buffer is free.</summary>
    public void GiveBack(LineBuffer batch) => _spare = batch;

    public void Dispose() => _flushTimer.Dispose();
}
