using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Tells the lines of one log from whatever else may stand in its files: by the identity of the first that was met, and by the hash that
/// each carries.
/// </summary>
internal sealed class LineIdentity
{
    private byte[]? _id;

    /// <summary>The log's identity; empty before the first line.</summary>
    public string Text { get; private set; } = "";

    /// <param name="framed">The line behind one byte of room, see <see cref="SegmentLines.TryNext"/>.</param>
    /// <param name="last">No sequence number beyond it is the log's here.</param>
    /// <param name="sequence">The line's.</param>
    /// <param name="payloadStart">Where its payload begins.</param>
    public bool IsOf(Span<byte> framed, long last, out long sequence, out int payloadStart)
    {
        (sequence, payloadStart) = (0, 0);
        if (framed.Length - 1 > JournalLineFormat.MaxLineLength
            || !JournalLineFormat.TryParse(framed[1..], out var id, out sequence, out payloadStart)
            || !id.SequenceEqual(_id ?? id)
            || sequence > last
            || !JournalLineFormat.HashEntry(framed, stackalloc byte[MerkleHash.Length]))
        {
            return false;
        }

        if (_id is null)
        {
            _id = id.ToArray();
            Text = Encoding.ASCII.GetString(id);
        }

        return true;
    }
}
