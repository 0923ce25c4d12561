using System.Buffers;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>The lines of one segment in order, through one buffer of fixed size, also while the segment grows.</summary>
internal sealed class SegmentLines : IDisposable
{
    private const int Room = 1;

    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file;

    // More than twice the longest line, so that one read usually brings many lines and a line never needs two moves.
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _start = Room;
    private int _end = Room;

    public SegmentLines(JournalSegment segment, long offset)
    {
        Segment = segment;
        Offset = offset;
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public JournalSegment Segment { get; }

    /// <summary>Where the next line begins.</summary>
    public long Offset { get; private set; }

    /// <summary>
    /// The next complete line without its newline, behind one byte of room (see <see cref="JournalLineFormat"/>); false at the end for now.
    /// What is longer than a line can be comes in pieces longer than a line can be.
    /// </summary>
    public bool TryNext(out Memory<byte> framed)
    {
        while (true)
        {
            var newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var isPiece = newline < 0 && _end - _start > JournalLineFormat.MaxLineLength;
            if (newline >= 0 || isPiece)
            {
                var length = isPiece ? _end - _start : newline;
                framed = _buffer.AsMemory(_start - Room, Room + length);
                var consumed = isPiece ? length : length + 1;
                _start += consumed;
                Offset += consumed;
                return true;
            }

            if (!Fill())
            {
                framed = default;
                return false;
            }
        }
    }

    /// <summary>Goes behind the line of a bookmark; false where there is another in its place, or none.</summary>
    public bool TryPass(JournalBookmark bookmark)
    {
        while (TryNext(out var framed))
        {
            var line = framed.Span[1..];
            if (JournalLineFormat.TryParse(line, out _, out var sequence, out _) && sequence >= bookmark.Sequence)
            {
                return sequence == bookmark.Sequence && Encoding.ASCII.GetString(JournalLineFormat.StoredHash(line)) == bookmark.Hash;
            }
        }

        return false;
    }

    /// <summary>Goes to another offset and forgets what was read ahead.</summary>
    public void Seek(long offset)
    {
        Offset = offset;
        _start = _end = Room;
    }

    /// <summary>Is the file under this path no longer the one that was read so far: removed, cut or replaced?</summary>
    public bool IsGone()
    {
        var now = new FileInfo(Segment.Path);
        return !now.Exists || now.Length < Offset || RandomAccess.GetLength(_file) < now.Length;
    }

    public void Dispose()
    {
        if (_file.IsClosed)
        {
            return;
        }

        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer.AsSpan(Room));
        _end = Room + _end - _start;
        _start = Room;
        var read = RandomAccess.Read(_file, _buffer.AsSpan(_end), Offset + _end - Room);
        _end += read;
        return read > 0;
    }
}
