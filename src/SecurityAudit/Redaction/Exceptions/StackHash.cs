using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>
/// Finds the same stack again: 128 bits over type and method names from the innermost throw outwards; line numbers and messages do not
/// count.
/// </summary>
internal static class StackHash
{
    public static string Of(Exception exception)
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
}
