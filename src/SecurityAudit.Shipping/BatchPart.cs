namespace SecurityAudit.Shipping;

/// <summary>Lines of a batch that are sent in one go.</summary>
internal sealed class BatchPart(Batch batch, IReadOnlyList<BatchEntry> entries)
{
    public IReadOnlyList<BatchEntry> Entries => entries;

    /// <summary>The journal's line, as it stands there.</summary>
    public ReadOnlySpan<byte> Line(BatchEntry entry) => batch.Line(entry);

    /// <summary>What is to be stored: the line, or the envelope of one that was refused.</summary>
    public ReadOnlySpan<byte> Document(BatchEntry entry) => entry.Envelope ?? batch.Line(entry);

    public BatchPart Of(IReadOnlyList<BatchEntry> some) => new(batch, some);
}
