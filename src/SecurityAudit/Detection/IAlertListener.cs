using SecurityAudit.Journal;

namespace SecurityAudit.Detection;

/// <summary>
/// Hears of each alert, summary and end of an attack once it is durable in the journal, on the detection's own thread: must be quick and must
/// not block.
/// </summary>
internal interface IAlertListener
{
    /// <param name="line">The line of the alert; its bytes are valid during the call.</param>
    /// <param name="isLive">False for a line that was written before this start, and may have been heard then.</param>
    void Heard(in JournalLine line, bool isLive);
}
