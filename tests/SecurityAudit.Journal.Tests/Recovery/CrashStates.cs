using System.Text;

namespace SecurityAudit.Journal.Tests.Recovery;

/// <summary>
/// What a power cut can leave of a batch that was not synced: each of its sectors new, zero or old, the file of any length up to the
/// batch's end. Old is whatever a freed block holds, lines of this log with any number among it, or an earlier try of the same batch. Each
/// state goes through the recovery's scan, in memory.
/// </summary>
internal sealed class CrashStates(int seed)
{
    private const int Sector = 512;
    private const int Contents = 3;
    private const int MostCombinations = 2187;

    private readonly Random _random = new(seed);
    private readonly TestSigner _signer = new();
    private readonly byte[] _leaf = new byte[MerkleHash.Length];

    public long Tried { get; private set; }

    public long ExtraLinesKept { get; private set; }

    /// <summary>
    /// States in which a line stands that this log wrote in an earlier life and nobody was told of: it did happen, so it may stand.
    /// </summary>
    public long EarlierLinesKept { get; private set; }

    /// <summary>Makes a log, a batch, and tries the states of it.</summary>
    public void TryOne()
    {
        var log = new LogInMemory(_signer, $"k3f5x{"abcdefgh"[_random.Next(8)]}ab");
        for (var i = _random.Next(6); i > 0; i--)
        {
            log.Event(_random.Next(1, 700));
        }

        var isAcrossARoll = _random.Next(3) == 0;
        if (isAcrossARoll)
        {
            log.Roll();
        }
        else if (_random.Next(2) == 0)
        {
            log.SignDurable();
        }

        var before = isAcrossARoll ? 0 : log.Length;
        var acknowledged = isAcrossARoll ? log.SizeBeforeRoll : log.Size;
        log.MarkDurable(acknowledged);

        if (_random.Next(2) == 0)
        {
            log.SignDurable();
        }

        for (var i = _random.Next(1, 6); i > 0 && log.Length - before < 6 * Sector; i--)
        {
            log.Event(_random.Next(1, 900));
        }

        TryStates(log, before, acknowledged);
    }

    private void TryStates(LogInMemory log, int before, long acknowledged)
    {
        var batchEnd = log.Length;
        var firstSector = before / Sector;
        var sectors = ((batchEnd - 1) / Sector) - firstSector + 1;
        var combinations = (int)Math.Min(Math.Pow(Contents, sectors), int.MaxValue);
        var end = (firstSector + sectors + 1) * Sector;
        var old = _random.Next(3) == 0 ? log.EarlierAttempt(before, end) : log.OldBytes(end, _random);
        var image = new byte[1 + ((firstSector + sectors) * Sector)];
        for (var i = 0; i < Math.Min(combinations, MostCombinations); i++)
        {
            var code = combinations <= MostCombinations ? i : _random.Next(combinations);
            image.AsSpan().Clear();
            log.Bytes.CopyTo(image.AsSpan(1));
            for (var sector = firstSector; sector < firstSector + sectors; sector++, code /= Contents)
            {
                var from = Math.Max(before, sector * Sector);
                var content = image.AsSpan(1 + from, ((sector + 1) * Sector) - from);
                if (code % Contents == 1)
                {
                    content.Clear();
                }
                else if (code % Contents == 2)
                {
                    old.AsSpan(from, content.Length).CopyTo(content);
                }
            }

            Judge(log, image, before, acknowledged);
            Judge(log, image, _random.Next(before, batchEnd), acknowledged);
            Judge(log, image, batchEnd, acknowledged);
            Judge(log, image, image.Length - 1, acknowledged);
        }
    }

    private void Judge(LogInMemory log, byte[] image, int length, long acknowledged)
    {
        Tried++;
        var end = LogScan.Scan(log.SegmentsEndingWith(image.AsMemory(0, 1 + length)), [_signer.Key]);
        Assert.Null(end.Damage);
        if (end.Tree.Size > acknowledged)
        {
            ExtraLinesKept++;
        }

        if (end.Tree.Size <= log.Size && end.Tree.Root().AsSpan().SequenceEqual(log.RootAt(end.Tree.Size)))
        {
            Assert.True(end.Tree.Size >= acknowledged);
            return;
        }

        // The acknowledged lines and behind them only lines that this log wrote, in this life or in one before.
        EarlierLinesKept++;
        var tree = log.TreeAt(acknowledged);
        foreach (var line in Encoding.UTF8.GetString(image, 1, end.Kept).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(log.LinesInSegment(acknowledged)))
        {
            Assert.True(log.Contains(line) || log.WasWrittenOnce(line), line);
            Assert.True(JournalLineFormat.TryReadHash(Some.Utf8(line), _leaf));
            tree.Append(_leaf);
        }

        Assert.Equal(tree.Root(), end.Tree.Root());
    }
}
