namespace SecurityAudit.Capture.Tables;

/// <summary>One token of a statement; what stands in strings, numbers, parameters and comments is none of its words.</summary>
/// <param name="Symbol">A single character of punctuation; <c>'</c> for a value of any kind; 0 for a word.</param>
/// <param name="Word">A word, or a name without its quotation marks; null for a symbol.</param>
/// <param name="IsQuoted">It stood in quotation marks: a name, whatever it is called.</param>
internal readonly record struct SqlToken(char Symbol, string? Word, bool IsQuoted = false)
{
    public bool Is(string keyword) => !IsQuoted && string.Equals(Word, keyword, StringComparison.OrdinalIgnoreCase);

    public bool IsAny(params ReadOnlySpan<string> keywords)
    {
        foreach (var keyword in keywords)
        {
            if (Is(keyword))
            {
                return true;
            }
        }

        return false;
    }
}
