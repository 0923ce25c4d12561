namespace SecurityAudit.Journal;

/// <summary>
/// The old key's word for the new one when a log changes keys: a signed note whose text is <c>origin/key</c> and the new verifier key.
/// It stands in <c>journal.key_changed</c>; no checkpoint can be mistaken for it, for its second line is not a number.
/// </summary>
internal static class KeyEndorsement
{
    private const string Suffix = "/key";

    /// <summary>Signs the new key with the old one.</summary>
    public static string Sign(string origin, VerifierKey next, IJournalSigner previous) =>
        SignedNote.Sign(Text(origin, next), previous);

    /// <summary>Did the old key vouch for the new one, for the log of this identity?</summary>
    public static bool Verify(string? note, string journalId, VerifierKey next, VerifierKey previous) =>
        SignedNote.TryParse(note, out var signed)
        && signed.Text[..^1].Split('\n') is [var subject, var vkey]
        && subject.EndsWith($"/{journalId}{Suffix}", StringComparison.Ordinal)
        && VerifierKey.TryParse(vkey, out var key)
        && key.Equals(next)
        && (signed.IsSignedBy(previous) || signed.IsSignedBy(previous, subject[..^Suffix.Length]));

    private static string Text(string origin, VerifierKey next) => $"{origin}{Suffix}\n{next}\n";
}
