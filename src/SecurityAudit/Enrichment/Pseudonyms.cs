using System.Security.Cryptography;
using System.Text;
using SecurityAudit.Journal;

namespace SecurityAudit.Enrichment;

/// <summary>Keyed hashes for what must be comparable and never readable: session and token ids, claimed names of nobody.</summary>
/// <remarks>HMAC-SHA256 cut to 128 bits, after the key's id: <c>k3f9a1b2:0f6e…</c>. The key is made on first use, 32 random bytes, mode 0600.</remarks>
internal sealed class Pseudonyms
{
    private const string FileName = "pseudonym.key";

    private readonly byte[] _key;
    private readonly string _keyId;

    private Pseudonyms(byte[] key) =>
        (_key, _keyId) = (key, "k" + Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 4)));

    public static Pseudonyms Open(string journalDirectory)
    {
        var directory = Path.Combine(journalDirectory, "keys");
        var path = Path.Combine(directory, FileName);
        PrivateFiles.CreateDirectory(directory);
        if (!File.Exists(path))
        {
            PrivateFiles.TryCreate(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n"));
        }

        var text = File.ReadAllText(path).Trim();
        if (text.Length != 64 || !text.All(char.IsAsciiHexDigit))
        {
            throw new JournalException(
                $"The pseudonym key '{path}' holds {text.Length} characters, expected 64 hexadecimal digits. Restore it from a backup, or delete it: a new one is made, and sessions hashed before can no longer be matched with those after.");
        }

        return new Pseudonyms(Convert.FromHexString(text));
    }

    public string Of(string value)
    {
        Span<byte> hash = stackalloc byte[32];
        var length = Encoding.UTF8.GetByteCount(value);
        var bytes = length <= 512 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(value, bytes);
        HMACSHA256.HashData(_key, bytes, hash);
        return $"{_keyId}:{Convert.ToHexStringLower(hash[..16])}";
    }
}
