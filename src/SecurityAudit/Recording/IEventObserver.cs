namespace SecurityAudit.Recording;

/// <summary>
/// Hears of each event after the journal has taken it, on the recording thread: must be quick, must not block, must not throw.
/// </summary>
internal interface IEventObserver
{
    void Observe(SecurityEvent recorded);
}
