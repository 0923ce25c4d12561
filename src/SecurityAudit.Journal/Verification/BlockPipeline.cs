namespace SecurityAudit.Journal;

/// <summary>Reads a segment block by block, has several threads hash the blocks, and gives them in order.</summary>
/// <param name="threads">How many blocks are hashed at once.</param>
/// <param name="longest">The length of the longest segment: no more memory than that is needed.</param>
internal sealed class BlockPipeline(int threads, long longest)
{
    private const int LeastCapacity = 2 * JournalLineFormat.MaxLineLength;
    private const int MostCapacity = 1024 * 1024;

    /// <summary>How many blocks stay as they are after they were given: what <see cref="LogVerification"/> looks back on.</summary>
    public const int Kept = 8;

    private readonly int _capacity = (int)Math.Clamp(longest + 1, LeastCapacity, MostCapacity);
    private readonly int _ahead = Math.Max(1, threads);
    private readonly Queue<LineBlock> _free = new();
    private readonly Queue<LineBlock> _given = new();

    /// <summary>What follows the last newline, once all blocks were given.</summary>
    public ReadOnlyMemory<byte> Tail { get; private set; }

    public IEnumerable<LineBlock> Blocks(JournalSegment segment, byte[] id, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        Tail = default;
        var offset = 0L;
        var carry = ReadOnlyMemory<byte>.Empty;
        var hashing = new Queue<(LineBlock Block, Task Done)>();
        try
        {
            for (var isAtEnd = false; !isAtEnd || hashing.Count > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!isAtEnd && hashing.Count < _ahead)
                {
                    var block = Next();
                    isAtEnd = !block.Fill(file, offset, ref carry);
                    if (isAtEnd)
                    {
                        _free.Enqueue(block);
                        continue;
                    }

                    offset += block.Length;
                    hashing.Enqueue((block, Task.Run(() => block.Hash(id), CancellationToken.None)));
                    continue;
                }

                var (first, done) = hashing.Dequeue();
                _given.Enqueue(first);
                done.GetAwaiter().GetResult();
                yield return first;
            }
        }
        finally
        {
            // The reader may stop early: no thread may work on a block that is used again.
            foreach (var (block, done) in hashing)
            {
                done.GetAwaiter().GetResult();
                _free.Enqueue(block);
            }
        }

        Tail = carry;
    }

    private LineBlock Next()
    {
        if (_given.Count > Kept)
        {
            _free.Enqueue(_given.Dequeue());
        }

        return _free.TryDequeue(out var block) ? block : new LineBlock(_capacity);
    }
}
