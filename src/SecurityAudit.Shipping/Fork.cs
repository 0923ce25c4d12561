namespace SecurityAudit.Shipping;

/// <summary>One sequence number under which different lines are stored: the log was copied, and both copies went on.</summary>
internal sealed record Fork(string LogId, long Sequence, IReadOnlyList<string> Hashes)
{
    public override string ToString() =>
        $"The engine holds {Hashes.Count} different lines {Sequence} of log {LogId} ({string.Join(", ", Hashes)}): "
        + "the log was copied (one image for two machines, or a restored volume) and both copies went on. "
        + "Nothing is lost, both are stored. Find the other copy, stop one of the two, and let it begin a journal of its own.";
}
