using SecurityAudit.Journal;

namespace SecurityAudit.Capture;

/// <summary>
/// What a hook records when a request has its answer: at the end of the pipeline, or before the first byte of the answer where that waits
/// for its record.
/// </summary>
internal interface IRequestConclusion
{
    /// <summary>Records what is known now. May be called again when more is known, and records nothing twice.</summary>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and it could not be recorded.</exception>
    void Conclude(in RequestEnd request);

    /// <summary>An exception that nobody handled ended the pipeline.</summary>
    void Threw(in RequestEnd request, Exception exception)
    {
    }
}
