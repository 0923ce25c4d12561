using System.Text.RegularExpressions;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>
/// A message with everything quoted, numeric or address-like masked: a guess, for owners who chose <see cref="ExceptionMessages.Masked"/>.
/// </summary>
internal static partial class MaskedMessage
{
    public static string Of(string message)
    {
        if (message.Length > 4096)
        {
            message = message[..4096];
        }

        message = Quoted().Replace(message, "'…'");
        message = Address().Replace(message, "…@…");
        return Number().Replace(message, "#");
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|`[^`]*`|\\([^)]*\\)|\u2018[^\u2019]*\u2019|\u201C[^\u201D]*\u201D", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s@]+@[^\s@]+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex("[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
