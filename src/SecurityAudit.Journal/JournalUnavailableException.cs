namespace SecurityAudit.Journal;

/// <summary>The journal did not take a line within its bounded wait and its owner chose <see cref="JournalFailureMode.Refuse"/>.</summary>
public sealed class JournalUnavailableException : JournalException
{
    /// <summary>Creates the exception.</summary>
    public JournalUnavailableException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public JournalUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    public JournalUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
