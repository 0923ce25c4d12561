using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>Gives the log's next complete line, or false at the present end.</summary>
internal delegate bool LineReader(out JournalLine line);
