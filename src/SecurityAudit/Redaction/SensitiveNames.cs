using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Options;
using SecurityAudit.Fields;

namespace SecurityAudit.Redaction;

/// <summary>
/// Names whose values are never recorded, whoever wrote them into the event: matched as parts, case and separators ignored.
/// </summary>
internal sealed class SensitiveNames
{
    /// <summary>A name is looked at so far; nobody gives a longer one by accident.</summary>
    private const int MaxLength = 1024;

    private static readonly SearchValues<string> BuiltIn = SearchValues.Create(
    [
        "PASSWORD", "PASSWD", "PWD", "PASSPHRASE", "PASSCODE", "SECRET", "TOKEN", "COOKIE", "AUTHORIZATION", "APIKEY", "ACCESSKEY", "ACCOUNTKEY",
        "PRIVATEKEY", "CREDENTIAL", "CONNECTIONSTRING", "SIGNATURE", "OTP", "PINCODE", "SECURITYSTAMP", "HASH", "CVV", "CREDITCARD", "CARDNUMBER",
    ], StringComparison.Ordinal);

    /// <summary>Too short to be looked for within words: a design is no signature.</summary>
    private static readonly FrozenSet<string> Words = new[] { "SIG", "PIN", "PASS", "PW" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Fields of the library and of ECS that are called hash and tell nothing: keyed hashes, and digests of files.</summary>
    private static readonly FrozenSet<string> HarmlessFields = new[]
    {
        EventFields.StackHash.Name, EventFields.User.Hash.Name, EventFields.Target.Hash.Name, EventFields.Effective.Hash.Name, EventFields.CredentialHash.Name,
        SessionFields.Identifier,
        "file.hash.md5", "file.hash.sha1", "file.hash.sha256", "file.hash.sha512",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// So many names are remembered, and none longer than this: names are constants of programs, but nothing forces them to be.
    /// </summary>
    private const int MaxRemembered = 1024;

    private readonly ConcurrentDictionary<string, bool> _remembered = new(StringComparer.Ordinal);
    private readonly string[] _owners;

    public SensitiveNames(IOptions<SecurityAuditOptions> options)
        : this([.. options.Value.SensitiveNames])
    {
    }

    public SensitiveNames(params string[] owners) => _owners = [.. owners.Select(Plain).Where(name => name.Length > 0)];

    /// <summary>The names that are sensitive everywhere, where no owner can add to them.</summary>
    public static SensitiveNames Usual { get; } = new();

    public bool Match(string name)
    {
        if (_remembered.TryGetValue(name, out var sensitive))
        {
            return sensitive;
        }

        sensitive = Match(name.AsSpan());
        if (name.Length <= 64 && _remembered.Count < MaxRemembered)
        {
            _remembered.TryAdd(name, sensitive);
        }

        return sensitive;
    }

    public bool Match(ReadOnlySpan<char> name)
    {
        name = name.Length > MaxLength ? name[..MaxLength] : name;
        Span<char> buffer = stackalloc char[MaxLength];
        var plain = Plain(name, buffer);
        return plain.ContainsAny(BuiltIn) || IsOwners(plain) || HasWord(name);
    }

    /// <summary>Is this a name that the owner added?</summary>
    public bool MatchOwners(string name) => _owners.Length > 0 && IsOwners(Plain(name));

    /// <summary>As <see cref="Match(string)"/>, for the name of a field; the fields of the library itself hold no secrets.</summary>
    public bool MatchField(string name) => !HarmlessFields.Contains(name) && Match(name);

    /// <summary>Is this, letter by letter, a field of which only a keyed hash is ever recorded?</summary>
    public static bool IsHarmless(ReadOnlySpan<char> field) => HarmlessFields.GetAlternateLookup<ReadOnlySpan<char>>().Contains(field);

    private bool IsOwners(ReadOnlySpan<char> plain)
    {
        foreach (var owners in _owners)
        {
            if (plain.Contains(owners, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Is one of the name's words, as in <c>card_pin</c>, <c>card.pin</c> or <c>cardPin</c>, among the short ones?</summary>
    private static bool HasWord(ReadOnlySpan<char> name)
    {
        var words = Words.GetAlternateLookup<ReadOnlySpan<char>>();
        var begin = 0;
        for (var at = 0; at <= name.Length; at++)
        {
            var isEnd = at == name.Length || !char.IsLetter(name[at]) || (at > begin && char.IsUpper(name[at]) && char.IsLower(name[at - 1]));
            if (isEnd)
            {
                if (words.Contains(name[begin..at]))
                {
                    return true;
                }

                begin = at < name.Length && char.IsLetter(name[at]) ? at : at + 1;
            }
        }

        return false;
    }

    private static string Plain(string? name)
    {
        name = name is { Length: > MaxLength } ? name[..MaxLength] : name ?? "";
        return Plain(name, new char[name.Length]).ToString();
    }

    /// <summary>Letters and digits alone, of any script, in capitals. No capital takes more room than its letter.</summary>
    private static ReadOnlySpan<char> Plain(ReadOnlySpan<char> name, Span<char> buffer)
    {
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                length += Rune.ToUpperInvariant(rune).EncodeToUtf16(buffer[length..]);
            }
        }

        return buffer[..length];
    }
}
