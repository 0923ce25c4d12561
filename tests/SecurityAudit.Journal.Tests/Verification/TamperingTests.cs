using System.Text;

namespace SecurityAudit.Journal.Tests.Verification;

/// <summary>What somebody does to the files who has no key: every case is caught, at its place, and blames no other line.</summary>
public sealed class TamperingTests : IDisposable
{
    private readonly JournalOnDisk _journal = new();
    private readonly Dictionary<string, byte[]> _original;
    private readonly Checkpoint _last;

    public TamperingTests()
    {
        for (var segment = 0; segment < 3; segment++)
        {
            if (segment > 0)
            {
                _journal.Roll();
            }

            _journal.Append("""{"user.name":"ana"}""");
            _journal.Append("""{"user.name":"bob"}""");
            if (segment != 1)
            {
                _journal.AppendCheckpoint();
            }
        }

        _journal.Append("""{"user.name":"eve"}""");
        _last = _journal.AppendCheckpoint();
        _original = Directory.GetFiles(_journal.Directory).Order(StringComparer.Ordinal).ToDictionary(path => path, File.ReadAllBytes);
        Assert.True(Verify().HasNoFindings());
    }

    [Fact]
    public void EverySingleBitFlipIsCaughtAtItsLine()
    {
        // Every line of the middle segment, and of the others one bit of each byte: all 44,000 bits take a minute.
        foreach (var (path, bytes) in _original)
        {
            var bits = path == _original.Keys.ElementAt(1) ? [0, 1, 2, 3, 4, 5, 6, 7] : new[] { -1 };
            foreach (var (start, end, sequence) in Lines(path))
            {
                for (var at = start; at < end; at++)
                {
                    foreach (var bit in bits)
                    {
                        FlipAndVerify(path, bytes, at, bit < 0 ? at % 8 : bit, start, sequence);
                    }
                }
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact(Explicit = true), Trait("Category", "Campaign")]
    public void EveryOneOfAllSingleBitFlipsIsCaughtAtItsLine()
    {
        foreach (var (path, bytes) in _original)
        {
            foreach (var (start, end, sequence) in Lines(path))
            {
                for (var bit = 8 * start; bit < 8 * end; bit++)
                {
                    FlipAndVerify(path, bytes, bit / 8, bit % 8, start, sequence);
                }
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact]
    public void EveryDeletedLineIsCaughtButTheLastWhichIsACutTail() => ForEachLine((path, lines, i, sequence) =>
    {
        var isLast = sequence == _journal.Size - 1;
        Write(path, [.. lines[..i], .. lines[(i + 1)..]]);
        var report = Verify();
        Assert.Equal(isLast, report.HasNoFindings());
        if (isLast)
        {
            return;
        }

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.MissingLines, path, sequence), (finding.Kind, finding.Segment, finding.Sequence));
    });

    [Fact]
    public void EveryDoubledLineIsCaught() => ForEachLine((path, lines, i, sequence) =>
    {
        Write(path, [.. lines[..(i + 1)], lines[i], .. lines[(i + 1)..]]);
        var finding = Assert.Single(Verify().Findings);
        Assert.Equal((FindingKind.OutOfOrder, path, sequence + 1), (finding.Kind, finding.Segment, finding.Sequence));
    });

    [Fact]
    public void EveryTwoLinesSwappedAreCaught() => ForEachLine((path, lines, i, sequence) =>
    {
        for (var j = i + 1; j < lines.Length; j++)
        {
            var swapped = lines.ToArray();
            (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
            Write(path, swapped);
            var report = Verify();
            Assert.Equal((path, sequence), (report.Findings[0].Segment, report.Findings[0].Sequence));
            Assert.All(report.Findings, finding => Assert.InRange(finding.Sequence, sequence, sequence + j - i + 1));
        }
    });

    [Fact]
    public void EveryLineHashedAnewIsCaughtByTheNextCheckpointAndOnlyTheLinesBehindTheLastOneAreNot() => ForEachLine((path, lines, i, sequence) =>
    {
        var forged = lines.ToArray();
        forged[i] = Rehash(lines[i].Contains("\"ana\"", StringComparison.Ordinal)
            ? lines[i].Replace("\"ana\"", "\"eva\"", StringComparison.Ordinal)
            : lines[i].Replace("\"event.sequence\"", "\"event.kind\":\"forged\",\"event.sequence\"", StringComparison.Ordinal)
                .Replace(
                    "\"event.kind\":\"forged\",\"event.sequence\":" + sequence, "\"event.sequence\":" + sequence + ",\"event.forged\":1",
                    StringComparison.Ordinal));
        Write(path, forged);
        var report = Verify();
        if (sequence >= _last.Size)
        {
            Assert.True(report.HasNoFindings());
            Assert.True(report.Logs[0].ProvenSize <= sequence);
            return;
        }

        Assert.NotEmpty(report.Findings);
        Assert.True(report.Findings[0].Kind is FindingKind.WrongRoot or FindingKind.WrongFrontier or FindingKind.UnreadableControlLine);
        Assert.All(report.Logs, log => Assert.True(log.ProvenSize <= sequence));
    });

    [Fact]
    public void EveryBrokenFileEndIsCaughtExceptATornLastLine() => ForEachLine((path, lines, i, sequence) =>
    {
        var whole = string.Concat(lines[..i].Select(line => line + "\n")) + lines[i][..^10];
        File.WriteAllText(path, whole);
        var report = Verify();
        Assert.Equal(path == _original.Keys.Last(), report.HasNoFindings());
        Assert.Equal(sequence, report.HasNoFindings() ? report.Logs[0].Size : report.Findings[0].Sequence);
    });

    [Fact]
    public void EveryRemovedSegmentIsCaughtButTheLastWhichOnlyAnAnchorMisses()
    {
        foreach (var path in _original.Keys)
        {
            File.Delete(path);
            var isLast = path == _original.Keys.Last();
            var report = Verify();
            Assert.Equal(isLast, report.HasNoFindings());
            if (!isLast)
            {
                Assert.Equal(FindingKind.MissingLines, Assert.Single(report.Findings).Kind);
            }

            Assert.Contains(Verify(_last).Findings, finding => finding.Kind == FindingKind.RolledBack || !isLast);
            File.WriteAllBytes(path, _original[path]);
        }
    }

    [Fact]
    public void EverySegmentReplacedByAnotherIsCaught()
    {
        foreach (var (path, bytes) in _original)
        {
            foreach (var other in _original.Values.Where(other => other != bytes))
            {
                File.WriteAllBytes(path, other);
                var report = Verify();
                Assert.False(report.HasNoFindings());
                Assert.Equal(path, report.Findings[0].Segment);
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact]
    public void ASegmentOfAnotherLogIsCaughtThoughTheSameKeySignedIt()
    {
        using var other = new JournalOnDisk("bbbbbbbb", signer: _journal.Signer);
        other.Append("""{"user.name":"ana"}""");
        other.Append("""{"user.name":"bob"}""");
        other.AppendCheckpoint();
        other.Roll();
        other.Append("""{"user.name":"ana"}""");
        other.Append("""{"user.name":"bob"}""");
        foreach (var foreign in Directory.GetFiles(other.Directory))
        {
            var path = Path.Combine(_journal.Directory, Path.GetFileName(foreign));
            File.Copy(foreign, path, overwrite: true);
            Assert.Contains(Verify().Findings, finding => finding.Kind == FindingKind.OtherJournal);
            File.WriteAllBytes(path, _original[path]);
        }
    }

    [Fact]
    public void ATailCutAtAnyLineIsASoundShorterLogButAnAnchorMissesIt()
    {
        var lines = _original.SelectMany(file => Lines(file.Key).Select(line => (file.Key, line.Start, line.Sequence))).ToArray();
        foreach (var (path, start, sequence) in lines.Skip(1).Reverse())
        {
            foreach (var later in _original.Keys.Where(other => string.CompareOrdinal(other, path) > 0))
            {
                File.Delete(later);
            }

            if (start == 0)
            {
                File.Delete(path);
            }
            else
            {
                File.WriteAllBytes(path, _original[path][..start]);
            }

            Assert.True(JournalVerifier.Verify(_journal.Directory).HasNoFindings());
            var report = Verify(_last);
            Assert.Equal(sequence >= _last.Size, report.HasNoFindings());
            if (report.HasNoFindings())
            {
                continue;
            }

            var finding = Assert.Single(report.Findings);
            Assert.Equal((FindingKind.RolledBack, sequence), (finding.Kind, finding.Sequence));
        }
    }

    [Fact]
    public void SomethingWrittenBehindASealedSegmentIsCaught()
    {
        foreach (var (path, bytes) in _original.SkipLast(1))
        {
            foreach (var addition in new[] { "x", "x\n", "{}\n", "\0\0\0\0" })
            {
                File.WriteAllBytes(path, [.. bytes, .. Encoding.ASCII.GetBytes(addition)]);
                var finding = Assert.Single(Verify().Findings);
                Assert.Equal((path, (long)bytes.Length), (finding.Segment, finding.Offset));
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    [Fact]
    public void TheMessageSaysWhatWasFoundAndWhatWasExpected()
    {
        var path = _original.Keys.First();
        var second = Lines(path)[1];
        var flipped = _original[path].ToArray();
        flipped[second.Start + 60] ^= 1;
        File.WriteAllBytes(path, flipped);
        var finding = Assert.Single(Verify().Findings);
        Assert.Matches($"^{path} at byte {second.Start}: line 1 was altered: its hash is [A-Za-z0-9_-]{{43}}, but it says [A-Za-z0-9_-]{{43}}\\.$", finding.Message);
    }

    public void Dispose() => _journal.Dispose();

    private VerificationReport Verify(params Checkpoint[] anchors) =>
        JournalVerifier.Verify(_journal.Directory, new VerifyOptions { Keys = [_journal.Signer.Key], AtLeastAsNewAs = anchors, Threads = 1 });

    private void FlipAndVerify(string path, byte[] bytes, int at, int bit, int lineStart, long sequence)
    {
        var flipped = bytes.ToArray();
        flipped[at] ^= (byte)(1 << bit);
        File.WriteAllBytes(path, flipped);
        var report = Verify();
        Assert.NotEmpty(report.Findings);
        var first = report.Findings[0];
        Assert.Equal((path, lineStart, sequence), (first.Segment, first.Offset, first.Sequence));
        Assert.All(report.Findings, finding => Assert.InRange(finding.Sequence, sequence, sequence + 1));
        Assert.True(report.Logs[0].ProvenSize <= sequence);
    }

    private void ForEachLine(Action<string, string[], int, long> attack)
    {
        foreach (var (path, bytes) in _original)
        {
            var lines = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                attack(path, lines, i, JournalSegment.At(path)!.First + i);
            }

            File.WriteAllBytes(path, bytes);
        }
    }

    private static void Write(string path, string[] lines) => File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));

    private static string Rehash(string line)
    {
        var framed = Some.Utf8("\n" + line);
        Span<byte> leaf = stackalloc byte[32];
        JournalLineFormat.HashEntry(framed, leaf);
        return line[..^45] + System.Buffers.Text.Base64Url.EncodeToString(leaf) + "\"}";
    }

    /// <summary>Where the lines of a segment begin and end, the newline included.</summary>
    private List<(int Start, int End, long Sequence)> Lines(string path)
    {
        var lines = new List<(int, int, long)>();
        var bytes = _original[path];
        for (var start = 0; start < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start) + 1;
            lines.Add((start, end, JournalSegment.At(path)!.First + lines.Count));
            start = end;
        }

        return lines;
    }
}
