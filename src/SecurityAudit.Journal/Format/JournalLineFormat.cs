using System.Buffers;
using System.Buffers.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// The bytes of one line: <c>{"journal.id":"…","event.sequence":N,…,"event.hash":"…"}</c> and a newline. The <i>entry</i> is the line with
/// its trailer replaced by <c>}</c>; the hash in the trailer is the RFC 6962 leaf hash of the entry.
/// </summary>
/// <remarks>
/// Nothing here allocates or copies. The byte before a line is borrowed while it is hashed, for the leaf prefix, and given back:
/// such a span is called <i>framed</i>. In a file, that byte is the newline of the line before.
/// </remarks>
internal static class JournalLineFormat
{
    /// <summary>The version that <c>journal.opened</c> declares.</summary>
    public const int Version = 1;

    /// <summary>Where the identity stands in a line.</summary>
    public const int IdOffset = 15;

    public const int IdLength = 8;

    /// <summary>So that an entry fits a C2SP entry bundle, whose lengths are 16 bits.</summary>
    public const int MaxEntryLength = 65_535;

    public const int TrailerLength = 60;

    /// <summary>The longest line, without its newline.</summary>
    public const int MaxLineLength = MaxEntryLength - 1 + TrailerLength;

    private const int HashCharacters = 43;
    private const int MaxSequenceDigits = 19;

    private static readonly SearchValues<byte> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567"u8);

    private static ReadOnlySpan<byte> BeforeId => "{\"journal.id\":\""u8;

    private static ReadOnlySpan<byte> BeforeSequence => "\",\"event.sequence\":"u8;

    private static ReadOnlySpan<byte> BeforeHash => ",\"event.hash\":\""u8;

    private static ReadOnlySpan<byte> AfterHash => "\"}"u8;

    /// <summary>
    /// The most bytes that <see cref="Seal"/> may write for a payload of this length, the borrowed byte and the newline included.
    /// </summary>
    public static int MaxSealedLength(int payloadLength) =>
        1 + BeforeId.Length + IdLength + BeforeSequence.Length + MaxSequenceDigits + payloadLength + TrailerLength + 1;

    /// <summary>
    /// Writes the line of a payload (a JSON object) behind the first byte of <paramref name="framed"/>, newline included, and its leaf
    /// hash. Returns the length of the line with its newline.
    /// </summary>
    /// <exception cref="ArgumentException">The payload is not an object on one line, or the entry would be longer than
    /// <see cref="MaxEntryLength"/>.</exception>
    public static int Seal(Span<byte> framed, ReadOnlySpan<byte> id, long sequence, ReadOnlySpan<byte> payload, Span<byte> leaf)
    {
        if (payload.Length < 2 || payload[0] != '{' || payload[^1] != '}' || payload.ContainsAnyInRange((byte)0, (byte)0x1f))
        {
            throw new ArgumentException("A payload is one JSON object without line breaks or other control characters.", nameof(payload));
        }

        var line = framed[1..];
        var length = 0;
        Write(line, ref length, BeforeId);
        Write(line, ref length, id);
        Write(line, ref length, BeforeSequence);
        Utf8Formatter.TryFormat(sequence, line[length..], out var digits);
        length += digits;
        if (payload.Length > 2)
        {
            line[length++] = (byte)',';
            Write(line, ref length, payload[1..^1]);
        }

        if (length + 1 > MaxEntryLength)
        {
            throw new ArgumentException($"The entry has {length + 1} bytes; {MaxEntryLength} is the most.", nameof(payload));
        }

        var borrowed = framed[0];
        line[length] = (byte)'}';
        MerkleHash.Leaf(framed[..(1 + length + 1)], leaf);
        framed[0] = borrowed;

        Write(line, ref length, BeforeHash);
        Base64Url.EncodeToUtf8(leaf, line[length..], out _, out var characters);
        length += characters;
        Write(line, ref length, AfterHash);
        line[length++] = (byte)'\n';
        return length;
    }

    /// <summary>
    /// Reads identity, sequence and where the payload's members begin; false unless the line has the shape of one. Hashes nothing.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> id, out long sequence, out int payloadStart)
    {
        id = default;
        sequence = 0;
        payloadStart = 0;
        var idEnd = IdOffset + IdLength;
        var digits = idEnd + BeforeSequence.Length;
        if (line.Length <= digits + TrailerLength
            || !line.StartsWith(BeforeId)
            || !line[idEnd..].StartsWith(BeforeSequence)
            || !line[^TrailerLength..].StartsWith(BeforeHash)
            || !line.EndsWith(AfterHash)
            || !Utf8Parser.TryParse(line[digits..^TrailerLength], out sequence, out var consumed)
            || !IsCanonical(line.Slice(digits, consumed)))
        {
            return false;
        }

        id = line[IdOffset..idEnd];
        payloadStart = digits + consumed;
        return line[payloadStart] == ',' && IsId(id);
    }

    /// <summary>
    /// Is this the line of journal <paramref name="id"/> with this sequence, unaltered? The leaf hash of the entry is written whenever the
    /// shape is right, also when it is not the one in the line.
    /// </summary>
    public static LineFault Check(Span<byte> framed, ReadOnlySpan<byte> id, long sequence, Span<byte> leaf)
    {
        var line = framed[1..];
        if (line.Length > MaxLineLength)
        {
            return LineFault.TooLong;
        }

        if (!TryParse(line, out var foundId, out var foundSequence, out _))
        {
            return LineFault.NotALine;
        }

        if (!HashEntry(framed, leaf))
        {
            return LineFault.WrongHash;
        }

        if (!foundId.SequenceEqual(id))
        {
            return LineFault.OtherJournal;
        }

        return foundSequence == sequence ? LineFault.None : LineFault.OtherSequence;
    }

    /// <summary>Writes the leaf hash of a line that parses; is it the one that the line carries?</summary>
    public static bool HashEntry(Span<byte> framed, Span<byte> leaf)
    {
        var trailer = framed.Length - TrailerLength;
        var borrowed = framed[0];
        framed[trailer] = (byte)'}';
        MerkleHash.Leaf(framed[..(trailer + 1)], leaf);
        framed[0] = borrowed;
        framed[trailer] = (byte)',';

        Span<byte> expected = stackalloc byte[HashCharacters];
        Base64Url.EncodeToUtf8(leaf, expected, out _, out _);
        return StoredHash(framed).SequenceEqual(expected);
    }

    /// <summary>Can these bytes without a newline be the beginning of this line? A whole line with something behind it cannot.</summary>
    public static bool CanBecome(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> id, long sequence)
    {
        Span<byte> start = stackalloc byte[MaxSealedLength(0)];
        var length = 0;
        Write(start, ref length, BeforeId);
        Write(start, ref length, id);
        Write(start, ref length, BeforeSequence);
        Utf8Formatter.TryFormat(sequence, start[length..], out var digits);
        length += digits;
        start[length++] = (byte)',';
        var common = Math.Min(length, bytes.Length);
        return bytes.Length is > 0 and <= MaxLineLength
            && bytes[..common].SequenceEqual(start[..common])
            && !bytes.ContainsAnyInRange((byte)0, (byte)0x1f)
            && !TryParse(bytes[..^1], out _, out _, out _);
    }

    /// <summary>The 43 characters of the hash that a line carries.</summary>
    public static ReadOnlySpan<byte> StoredHash(ReadOnlySpan<byte> line) => line[^(HashCharacters + AfterHash.Length)..^AfterHash.Length];

    /// <summary>Decodes the hash that a line carries; false when it is not canonical base64url.</summary>
    public static bool TryReadHash(ReadOnlySpan<byte> line, Span<byte> hash)
    {
        Span<byte> again = stackalloc byte[HashCharacters];
        var stored = StoredHash(line);
        if (Base64Url.DecodeFromUtf8(stored, hash, out _, out var written) != OperationStatus.Done || written != hash.Length)
        {
            return false;
        }

        Base64Url.EncodeToUtf8(hash, again, out _, out _);
        return stored.SequenceEqual(again);
    }

    /// <summary>Is this an identity: eight of a–z and 2–7?</summary>
    public static bool IsId(ReadOnlySpan<byte> id) => id.Length == IdLength && !id.ContainsAnyExcept(IdCharacters);

    private static bool IsCanonical(ReadOnlySpan<byte> digits) =>
        digits is [>= (byte)'1' and <= (byte)'9', ..] or [(byte)'0'];

    private static void Write(Span<byte> line, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(line[length..]);
        length += bytes.Length;
    }
}
