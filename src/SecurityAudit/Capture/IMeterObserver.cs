using System.Diagnostics.Metrics;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture;

/// <summary>
/// What a hook learns from the framework's meters, which no registration of the application can displace. Register it as a singleton;
/// <see cref="FrameworkMeters"/> does the listening for all of them.
/// </summary>
internal interface IMeterObserver
{
    /// <summary>Whether this instrument is of interest, by its name and its meter's. Asked once, when it is made.</summary>
    bool Observes(Instrument instrument);

    /// <summary>One measurement, synchronously, in the context of whoever made it: within the request, where there is one. On any thread.</summary>
    /// <param name="instrument">What was measured.</param>
    /// <param name="value">How much: seconds, of a duration.</param>
    /// <param name="tags">Valid during the call alone.</param>
    /// <exception cref="JournalUnavailableException">It must not happen, as it could not be recorded. Everything else that is thrown is logged and counted.</exception>
    void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);
}
