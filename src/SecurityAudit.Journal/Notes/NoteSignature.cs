namespace SecurityAudit.Journal;

/// <summary>One signature line of a note.</summary>
internal sealed record NoteSignature(string Name, string KeyId, byte[] Signature);
