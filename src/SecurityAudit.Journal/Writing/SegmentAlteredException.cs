namespace SecurityAudit.Journal;

/// <summary>The live segment is not what this writer has made it: somebody interfered, the disk did not fail.</summary>
internal sealed class SegmentAlteredException(string message) : IOException(message);
