using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SecurityAudit.Redaction;

/// <summary>What of an exception may be recorded: its type, its message without values, and a hash that finds the same stack again.</summary>
internal static partial class ErrorText
{
    /// <summary>The message with everything quoted, numeric or address-like masked: SQL values and personal data live there.</summary>
    public static string MessageOf(Exception exception)
    {
        var message = exception.Message;
        if (message.Length > 4096)
        {
            message = message[..4096];
        }

        message = Quoted().Replace(message, "'…'");
        message = Address().Replace(message, "…@…");
        return Number().Replace(message, "#");
    }

    /// <summary>128 bits over type and method names from the innermost throw outwards; line numbers and messages do not count.</summary>
    public static string StackHashOf(Exception exception)
    {
        var text = new StringBuilder(exception.GetType().FullName);
        foreach (var line in (exception.StackTrace ?? "").AsSpan().EnumerateLines())
        {
            var frame = line.Trim();
            var file = frame.IndexOf(" in ", StringComparison.Ordinal);
            text.Append('\n').Append(file < 0 ? frame : frame[..file]);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|`[^`]*`|\\([^)]*\\)|\u2018[^\u2019]*\u2019|\u201C[^\u201D]*\u201D", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s@]+@[^\s@]+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex("[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
