namespace SecurityAudit;

/// <summary>What of an exception's message is recorded as <c>error.message</c>.</summary>
public enum ExceptionMessages
{
    /// <summary>
    /// What is constant in the program: the phrases of the message that are string literals or resource strings of the assemblies that
    /// threw. All else is a value and becomes <c>…</c>. Nothing where a program has no metadata to read (Native AOT), or where an assembly
    /// was made at run time.
    /// </summary>
    Constant,

    /// <summary>
    /// The message with everything in quotation marks or parentheses, every address and every number masked. A guess: a message that quotes
    /// in another way, or not at all, shows its values.
    /// </summary>
    Masked,

    /// <summary>The message as it is, secrets of a known shape removed. Values of SQL, of forms and of files stand in it.</summary>
    Whole,
}
