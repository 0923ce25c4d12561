using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Enrichment;

/// <summary>Keyed hashes for what must be comparable and never readable: session and token ids, claimed names of nobody.</summary>
/// <remarks>
/// HMAC-SHA256 cut to 128 bits, after the key's id: <c>k3f9a1b2:0f6e…</c>. The key is made on first use, 32 random bytes, mode 0600.
/// </remarks>
internal sealed partial class Pseudonyms(ILogger<Pseudonyms> logger)
{
    private const string FileName = "pseudonym.key";

    private Key? _key;

    /// <summary>Why the hashes are made with a key of this process alone; null when they are made with the journal's.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads the journal's key, or makes it. Called before the first event is recorded.</summary>
    /// <param name="journalDirectory">The directory of the journal.</param>
    /// <param name="mustKeep">False: a key that cannot be used is told, and one of this process alone takes its place.</param>
    /// <exception cref="IOException">It cannot be used and must be.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Open(string journalDirectory, bool mustKeep)
    {
        var path = Path.Combine(journalDirectory, "keys", FileName);
        try
        {
            _key = new Key(ReadOrCreate(path));
        }
        catch (Exception failure) when (!mustKeep && failure is IOException or UnauthorizedAccessException)
        {
            // Without the key an event still says who did what; without the event nothing does.
            _key = new Key(RandomNumberGenerator.GetBytes(32));
            Problem = $"The pseudonym key '{path}' cannot be used: {failure.Message} Sessions and unknown names are hashed with a key of this process alone, "
                + "and cannot be matched with those before and after.";
            Log.OwnKey(logger, failure, Problem);
        }
    }

    private static byte[] ReadOrCreate(string path)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
        {
            PrivateFiles.TryCreate(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"));
        }

        KeyFileAccess.Restore(path);
        return Read(path);
    }

    private static byte[] Read(string path)
    {
        var text = File.ReadAllText(path).Trim();
        if (text.Length != 64 || !text.All(char.IsAsciiHexDigit))
        {
            throw new JournalException(
                $"The pseudonym key '{path}' holds {text.Length} characters, expected 64 hexadecimal digits. Restore it from a backup, or delete it: "
                + "a new one is made, and sessions hashed before can no longer be matched with those after.");
        }

        return Convert.FromHexString(text);
    }

    /// <summary>By a key that is there: what a node has hashed can be hashed elsewhere.</summary>
    /// <exception cref="IOException">There is none, or it is not one.</exception>
    public static Pseudonyms OfFile(string path) => new(Microsoft.Extensions.Logging.Abstractions.NullLogger<Pseudonyms>.Instance) { _key = new Key(Read(path)) };

    public string Of(string value)
    {
        Span<byte> hash = stackalloc byte[32];
        var length = Encoding.UTF8.GetByteCount(value);
        var bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(value, bytes);
        var key = _key ?? throw new InvalidOperationException("An event is enriched before the journal is open, expected after: only then are hashes the journal's.");
        HMACSHA256.HashData(key.Bytes, bytes, hash);
        return $"{key.Id}:{Convert.ToHexStringLower(hash[..16])}";
    }

    private sealed record Key(byte[] Bytes)
    {
        public string Id { get; } = "k" + Convert.ToHexStringLower(SHA256.HashData(Bytes).AsSpan(0, 4));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "{Problem}")]
        public static partial void OwnKey(ILogger logger, Exception failure, string problem);
    }
}
