using System.Text;

namespace SecurityAudit.Journal.Tests.Fuzzing;

/// <summary>
/// Each target takes one changed input and asserts what must hold of it. An exception that is not foreseen ends the test.
/// </summary>
internal sealed class Targets(SoundLog sound, Mutator mutator) : IDisposable
{
    private readonly DirectoryInfo _copy = Directory.CreateTempSubdirectory("journal-fuzz-");
    private readonly byte[] _leaf = new byte[MerkleHash.Length];
    private readonly string _proof = JournalProofs.Inclusion(sound.Log, 4).ToString();
    private readonly string _consistency = JournalProofs.Consistency(sound.Log, Old(sound)).ToString();

    /// <summary>The parsers of texts, one of them at random.</summary>
    public void Text()
    {
        switch (mutator.Random.Next(5))
        {
            case 0:
                if (Checkpoint.TryParse(Changed(sound.Checkpoint.Note), out var checkpoint) && checkpoint.Verify(sound.Key))
                {
                    Assert.True(IsSame(checkpoint, sound.Checkpoint));
                }

                break;
            case 1:
                if (VerifierKey.TryParse(Changed(sound.Key.ToString()), out var key))
                {
                    Assert.False(key.Equals(sound.Key) && key.Name == sound.Key.Name);
                }

                break;
            case 2:
                if (TlogProof.TryParse(Changed(_proof), out var proof) && proof.Verify(proof.Line.Span, sound.Key))
                {
                    Assert.True(proof.Index == 4 && Encoding.UTF8.GetString(proof.Line.Span) == sound.Lines[4] && IsSame(proof.Checkpoint, sound.Checkpoint));
                }

                break;
            case 3:
                if (ConsistencyProof.TryParse(Changed(_consistency), out var consistency) && consistency.Verify(Old(sound), sound.Key))
                {
                    Assert.True(IsSame(consistency.Checkpoint, sound.Checkpoint));
                }

                break;
            default:
                if (JournalSegment.At(Changed(sound.Segments[1].Name)) is { } segment)
                {
                    Assert.True(segment.First >= 0);
                }

                break;
        }
    }

    /// <summary>One line: a changed one is never the line it was, and no control line surprises its reader.</summary>
    public void Line()
    {
        var original = Some.Utf8(sound.Lines[mutator.Random.Next(sound.Lines.Count)]);
        var changed = mutator.Change(original);
        Assert.True(JournalLineFormat.TryParse(original, out _, out var sequence, out _));
        Assert.NotEqual(LineFault.None, JournalLineFormat.Check((byte[])[0, .. changed], Some.Id, sequence, _leaf));
        _ = ControlLine.TryParse(changed, out _);
        var read = JournalEvent.Of(new JournalLine(changed, "k3f5x2ab", sequence, "", 0, IsControl: false));
        _ = (read.Fault, read.Timestamp, read.Message, LineFields.Timestamp(changed), ReservedMembers.FirstIn(changed));
        Assert.DoesNotContain(read.Json.EnumerateRunes(), InvisibleCharacters.Contains);
        JournalLineFormat.CanBecome(changed, Some.Id, sequence);
    }

    /// <summary>A crashed segment: what stands is what was written, and a signed line that is gone is called damage.</summary>
    public void Scan()
    {
        var segments = sound.InMemory();
        var index = mutator.Random.Next(segments.Length);
        segments[index] = segments[index] with { Framed = (byte[])[0, .. mutator.Change(segments[index].Framed.Span[1..])] };
        var last = Encoding.UTF8.GetString(segments[^1].Framed.Span[1..]);

        var end = LogScan.Scan(segments, [sound.Key]);

        Assert.True(end.Id is null || end.Damage is not null || end.Tree.Size <= sound.Lines.Count);
        if (end.Damage is null && end.Id is not null)
        {
            Assert.Equal(sound.Roots[(int)end.Tree.Size], end.Tree.Root());
        }

        if (end.Tree.Size < sound.Checkpoint.Size && IsWholeLine(last, sound.Lines[(int)sound.Checkpoint.Size]))
        {
            Assert.NotNull(end.Damage);
        }
    }

    /// <summary>A line that is changed and hashed anew, as one without the key can: before the last checkpoint it is never sound.</summary>
    public void Resealed()
    {
        var index = mutator.Random.Next(sound.Lines.Count);
        var line = Some.Utf8(sound.Lines[index]);
        Assert.True(JournalLineFormat.TryParse(line, out _, out var sequence, out var payloadStart));
        byte[] payload = [(byte)'{', .. line[(payloadStart + 1)..^JournalLineFormat.TrailerLength], (byte)'}'];
        var changed = mutator.Change(payload);
        var framed = new byte[JournalLineFormat.MaxSealedLength(changed.Length)];
        if (changed is not [(byte)'{', .., (byte)'}'] || changed.Length < 2 || changed.AsSpan().ContainsAnyInRange((byte)0, (byte)0x1f))
        {
            return;
        }

        var length = JournalLineFormat.Seal(framed, Some.Id, sequence, changed, _leaf);
        var forged = framed[1..length];
        _ = ControlLine.TryParse(forged, out _);

        var report = Verify(lines => lines[index] = forged);

        Assert.True(!report.HasNoFindings() || index >= sound.Checkpoint.Size, $"line {index} as {Encoding.UTF8.GetString(forged)}");
    }

    /// <summary>
    /// Changed files: sound are they only when they are a beginning of what was written, and the reader gives only what was written.
    /// </summary>
    public void Files()
    {
        var index = mutator.Random.Next(sound.Segments.Count);
        Write(i => i == index ? mutator.Change(sound.Segments[i].Bytes) : sound.Segments[i].Bytes);

        var report = JournalVerifier.Verify(_copy.FullName, new VerifyOptions { Keys = { sound.Key }, Threads = 1 });

        var whole = Directory.GetFiles(_copy.FullName, "*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(path => Encoding.UTF8.GetString(File.ReadAllBytes(path)) is var text ? text[..(text.LastIndexOf('\n') + 1)].Split('\n')[..^1] : []).ToList();
        if (report.HasNoFindings())
        {
            Assert.Equal(sound.Lines.Take(whole.Count), whole);
        }

        using var reader = new JournalReader(_copy.FullName);
        while (reader.TryRead(out var line))
        {
            Assert.Equal(sound.Lines[(int)line.Sequence], Encoding.UTF8.GetString(line.Utf8.Span));
        }
    }

    public void Dispose() => _copy.Delete(recursive: true);

    private static Checkpoint Old(SoundLog sound) => Checkpoint.Parse(JsonNote(sound.Lines[4]));

    private static string JsonNote(string line) => System.Text.Json.JsonElement.Parse(line).GetProperty(JournalFields.Checkpoint.Name).GetString()!;

    private static bool IsSame(Checkpoint a, Checkpoint b) => a.Origin == b.Origin && a.Size == b.Size && a.Root.Span.SequenceEqual(b.Root.Span);

    private static bool IsWholeLine(string text, string line) =>
        text.StartsWith(line + "\n", StringComparison.Ordinal) || text.Contains("\n" + line + "\n", StringComparison.Ordinal);

    private string Changed(string text) => Encoding.UTF8.GetString(mutator.Change(Some.Utf8(text)));

    private VerificationReport Verify(Action<byte[][]> change)
    {
        var lines = sound.Lines.Select(Some.Utf8).ToArray();
        change(lines);
        var second = (int)JournalSegment.At(sound.Segments[1].Name)!.First;
        Write(i => [.. (i == 0 ? lines[..second] : lines[second..]).SelectMany(line => line.Append((byte)'\n'))]);
        return JournalVerifier.Verify(_copy.FullName, new VerifyOptions { Keys = { sound.Key }, Threads = 1 });
    }

    private void Write(Func<int, byte[]> bytes)
    {
        for (var i = 0; i < sound.Segments.Count; i++)
        {
            File.WriteAllBytes(Path.Combine(_copy.FullName, sound.Segments[i].Name), bytes(i));
        }
    }
}
