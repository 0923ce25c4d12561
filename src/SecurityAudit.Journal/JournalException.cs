namespace SecurityAudit.Journal;

/// <summary>A journal that cannot be opened, read or written; the message says what was found, what was expected and what to do.</summary>
public class JournalException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalException()
    {
    }

    /// <summary>Creates the exception with its message.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its message and its cause.</summary>
    public JournalException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
