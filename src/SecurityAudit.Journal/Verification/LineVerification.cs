using System.Buffers.Text;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Verifies line after line where a block is not simply the next lines, and says of each that is wrong what it is instead.
/// </summary>
internal sealed class LineVerification(string id, LogTree tree, VerificationPlace place, SignedHistory history)
{
    private readonly byte[] _id = Encoding.ASCII.GetBytes(id);

    /// <summary>Takes the lines of a block. Returns the offset up to which the segment's own lines go.</summary>
    public long Take(LineBlock block, long end)
    {
        var framed = block.Framed;
        for (var start = 0; start < block.Length;)
        {
            if (place.Expected >= end)
            {
                return block.Offset + start;
            }

            var rest = framed.Span[(1 + start)..];
            var newline = rest.IndexOf((byte)'\n');
            var length = newline < 0 ? rest.Length : newline;
            TakeLine(framed.Span.Slice(start, 1 + length), block.Offset + start, end);
            start += newline < 0 ? length : length + 1;
        }

        return block.Offset + block.Length;
    }

    private void TakeLine(Span<byte> framed, long offset, long end)
    {
        var line = framed[1..];
        if (line.Length > JournalLineFormat.MaxLineLength || !JournalLineFormat.TryParse(line, out var foundId, out var sequence, out var payloadStart))
        {
            place.BadLine(FindingKind.NotALine, offset, $"no line of a journal: expected line {place.Expected}");
            place.IsJumpExplained = true;
            return;
        }

        if (!foundId.SequenceEqual(_id))
        {
            place.BadLine(FindingKind.OtherJournal, offset, $"a line of journal {Encoding.ASCII.GetString(foundId)}: expected line {place.Expected} of journal {id}");
            place.IsJumpExplained = true;
            return;
        }

        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        if (!JournalLineFormat.HashEntry(framed, leaf))
        {
            TakeAltered(framed, offset, sequence, leaf);
            return;
        }

        if (sequence < place.Expected || sequence >= end)
        {
            place.BadLine(FindingKind.OutOfOrder, offset, $"line {sequence} stands here: expected line {place.Expected}");
            return;
        }

        if (sequence > place.Expected)
        {
            Jump(sequence, offset, "before this place");
        }

        if (ControlLine.IsOne(line, payloadStart))
        {
            history.Take(line, sequence, offset);
        }

        tree.Append(leaf);
        place.Expected++;
        place.Good();
    }

    /// <summary>
    /// Content and hash do not fit. In its place, the hash is the better guess: if a checkpoint confirms it, this line alone is bad.
    /// </summary>
    private void TakeAltered(ReadOnlySpan<byte> framed, long offset, long sequence, Span<byte> leaf)
    {
        place.Bad(FindingKind.WrongHash, offset,
            $"line {place.Expected} was altered: its hash is {Base64Url.EncodeToString(leaf)}, but it says {Encoding.ASCII.GetString(JournalLineFormat.StoredHash(framed))}");
        place.IsRootExplained = true;
        if (sequence != place.Expected)
        {
            place.IsJumpExplained = true;
            return;
        }

        JournalLineFormat.TryReadHash(framed, leaf);
        tree.Append(leaf);
        place.Expected++;
        place.IsJumpExplained = false;
    }

    /// <summary>Lines are missing: what comes next is this one.</summary>
    public void Jump(long sequence, long offset, string where)
    {
        if (!place.IsJumpExplained)
        {
            place.Bad(FindingKind.MissingLines, offset, $"lines {place.Expected} to {sequence - 1} are missing {where}");
        }

        tree.Lose();
        place.IsRootExplained = true;
        place.Expected = sequence;
    }
}
