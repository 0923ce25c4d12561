using System.Globalization;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>Sensitive data, cryptography.</content>
public static partial class SecurityEvents
{
    /// <summary>Something could not be decrypted.</summary>
    public static SecurityEvent CryptDecryptFail(string what) =>
        Failed("crypt_decrypt_fail", Warn, Web, e => $"The application could not decrypt {Words.Attribute(e, "object")}{Words.Because(e)}.", "error").WithAttribute("object", what);

    /// <summary>Something could not be encrypted.</summary>
    public static SecurityEvent CryptEncryptFail(string what) =>
        Failed("crypt_encrypt_fail", Warn, Web, e => $"The application could not encrypt {Words.Attribute(e, "object")}{Words.Because(e)}.", "error").WithAttribute("object", what);

    /// <summary>A key of Data Protection was made (extension). Give its id, never the key; null of one that could not be made.</summary>
    public static SecurityEvent CryptKeyCreated(string? key) =>
        Key("crypt_key_created", e => Keeper(e, $"made {KeyOf(e)}", $"make {KeyOf(e)}"), "creation", key) with { Severity = EventSeverity.Low };

    /// <summary>A key of Data Protection was revoked (extension): what it protects is valid no more. Give its id.</summary>
    public static SecurityEvent CryptKeyRevoked(string key) => Key("crypt_key_revoked", e => Keeper(e, $"revoked {KeyOf(e)}", $"revoke {KeyOf(e)}"), "change", key);

    /// <summary>All keys of Data Protection that were made before a moment were revoked (extension).</summary>
    public static SecurityEvent CryptKeysRevoked(DateTimeOffset before) =>
        Key("crypt_key_revoked", e => Keeper(e, $"revoked {KeysOf(e)}", $"revoke {KeysOf(e)}"), "change", key: null)
            .WithAttribute("created_before", before.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));

    /// <summary>A key of Data Protection was deleted (extension): what it protects can never be read again. Give its id.</summary>
    public static SecurityEvent CryptKeyDeleted(string key) => Key("crypt_key_deleted", e => Keeper(e, $"deleted {KeyOf(e)}", $"delete {KeyOf(e)}"), "deletion", key);

    /// <summary>Something sensitive was created.</summary>
    public static SecurityEvent SensitiveCreate(string subject) =>
        Sensitive("sensitive_create", e => Words.Did(e, $"created {Subject(e)}", $"create {Subject(e)}"), subject, "creation");

    /// <summary>Something sensitive was read.</summary>
    public static SecurityEvent SensitiveRead(string subject) => Sensitive("sensitive_read", e => Words.Did(e, $"read {Subject(e)}", $"read {Subject(e)}"), subject, "access");

    /// <summary>Something sensitive was changed.</summary>
    public static SecurityEvent SensitiveUpdate(string subject) =>
        Sensitive("sensitive_update", e => Words.Did(e, $"changed {Subject(e)}", $"change {Subject(e)}"), subject, "change");

    /// <summary>Something sensitive was deleted.</summary>
    public static SecurityEvent SensitiveDelete(string subject) =>
        Sensitive("sensitive_delete", e => Words.Did(e, $"deleted {Subject(e)}", $"delete {Subject(e)}"), subject, "deletion");

    private static SecurityEvent Key(string action, Func<SecurityEvent, string> sentence, string type, string? key)
    {
        var made = Make(action, null, Configuration, sentence, type) with { Severity = EventSeverity.Medium };
        return key is null ? made : made.WithAttribute("key", key);
    }

    /// <summary>The key ring makes keys by itself: an event that names nobody was nobody's activity, though it be in somebody's request.</summary>
    private static string Keeper(SecurityEvent e, string past, string infinitive) =>
        Words.Did(e, e.User is { Exists: true, Id: null, Name: null } ? "The application" : Words.Who(e), past, infinitive);

    private static string KeyOf(SecurityEvent e) =>
        e.Attributes.Any(attribute => string.Equals(attribute.Key, "key", StringComparison.Ordinal))
            ? $"the Data Protection key {Words.Attribute(e, "key")}"
            : "a Data Protection key";

    private static string KeysOf(SecurityEvent e) => $"all Data Protection keys made before {Words.Attribute(e, "created_before")}";

    private static SecurityEvent Sensitive(string action, Func<SecurityEvent, string> sentence, string subject, string type) =>
        Make(action, Warn, Api, sentence, type).WithAttribute("object", subject);

    private static string Subject(SecurityEvent e) => $"sensitive data: {Words.Attribute(e, "object")}";
}
