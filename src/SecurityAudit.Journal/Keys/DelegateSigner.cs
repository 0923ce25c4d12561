namespace SecurityAudit.Journal;

/// <summary>Signs by a function: a key service, a hardware module.</summary>
/// <param name="key">The public key.</param>
/// <param name="sign">Gives the ECDSA signature in DER over the SHA-256 of the bytes. Called from the writer's thread: it delays commits
/// while it works.</param>
public sealed class DelegateSigner(VerifierKey key, Func<byte[], byte[]> sign) : IJournalSigner
{
    /// <inheritdoc/>
    public VerifierKey Key => key;

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> note) => sign(note.ToArray());
}
