namespace SecurityAudit.Journal;

/// <summary>Holds the private key that signs a journal's checkpoints: a PEM file, a certificate, or a key service.</summary>
public interface IJournalSigner
{
    /// <summary>The public key, for whoever verifies.</summary>
    VerifierKey Key { get; }

    /// <summary>
    /// Signs the UTF-8 text of a note: ECDSA over its SHA-256, in DER. Called from the journal's writer thread only. A failure is tried
    /// again with the next checkpoint; the lines in between stay recorded, but unsigned.
    /// </summary>
    byte[] Sign(ReadOnlySpan<byte> note);
}
