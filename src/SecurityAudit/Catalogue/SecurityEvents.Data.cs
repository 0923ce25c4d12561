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

    private static SecurityEvent Sensitive(string action, Func<SecurityEvent, string> sentence, string subject, string type) =>
        Make(action, Warn, Api, sentence, type).WithAttribute("object", subject);

    private static string Subject(SecurityEvent e) => $"sensitive data: {Words.Attribute(e, "object")}";
}
