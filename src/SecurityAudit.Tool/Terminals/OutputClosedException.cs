namespace SecurityAudit.Tool.Terminals;

/// <summary>
/// Whoever read the output has gone, as <c>head</c> does when it has seen enough: nothing is wrong, and nobody is there to be told.
/// </summary>
internal sealed class OutputClosedException() : IOException("The program that read the output has closed it.");
