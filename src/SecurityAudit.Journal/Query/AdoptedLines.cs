namespace SecurityAudit.Journal;

/// <summary>
/// Lines of which a log says that no signature covered them when a crash ended the process: nothing proves who wrote them.
/// </summary>
/// <param name="LogId">The log.</param>
/// <param name="From">The first of them.</param>
/// <param name="To">Behind the last of them.</param>
public sealed record AdoptedLines(string LogId, long From, long To);
