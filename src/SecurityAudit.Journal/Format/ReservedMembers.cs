using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// What an event may not say, in any place of its payload: what the journal writes into each line itself, and an action of the journal's
/// own. The bytes of a line leave no doubt who wrote it; but a program that reads JSON takes the last of two members, and Elasticsearch a
/// nested one for a dotted one.
/// </summary>
/// <remarks>
/// A payload costs five searches for bytes that hardly occur. Only one in which they do, or an escape that could hide them, is read.
/// </remarks>
internal static class ReservedMembers
{
    /// <summary>
    /// The name of a member that the payload may not have; null when it has none. What of it is not JSON is not looked at: nobody reads it.
    /// </summary>
    public static string? FirstIn(ReadOnlySpan<byte> payload) =>
        ControlLine.IsReserved(payload) ? JournalFields.Action.Name : MayHaveOne(payload) ? Find(payload, "") : null;

    private static bool MayHaveOne(ReadOnlySpan<byte> payload) =>
        payload.IndexOf("journal"u8) >= 0 || payload.IndexOf(JournalFields.Sequence.Encoded.EncodedUtf8Bytes) >= 0
        || payload.IndexOf(JournalFields.Hash.Encoded.EncodedUtf8Bytes) >= 0 || HasObject(payload, "\"event\""u8) || payload.IndexOf("\\u"u8) >= 0;

    /// <summary>Does that string stand before a colon? As a value, as the kind of an event, it stands in each.</summary>
    private static bool HasObject(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> name)
    {
        for (var at = payload.IndexOf(name); at >= 0; at = payload.IndexOf(name))
        {
            payload = payload[(at + name.Length)..].TrimStart(" \t\r\n"u8);
            if (payload is [(byte)':', ..])
            {
                return true;
            }
        }

        return false;
    }

    private static string? Find(ReadOnlySpan<byte> json, string above)
    {
        var members = new LineMembers(json);
        while (members.MoveNext())
        {
            var name = above + members.Name();
            var value = members.Text();
            var reserved = name switch
            {
                _ when name == JournalFields.LogId.Name || name == JournalFields.Sequence.Name || name == JournalFields.Hash.Name => name,
                _ when name == JournalFields.Action.Name
                    && (value.StartsWith("journal.", StringComparison.Ordinal) || value.Contains(", journal.", StringComparison.Ordinal)) => name,
                "event" or "journal" when value.StartsWith('{') => Find(Encoding.UTF8.GetBytes(value), name + "."),
                "event" or "journal" when value.Contains('{', StringComparison.Ordinal) => name, // an object behind other values of an array
                _ => null,
            };
            if (reserved is not null)
            {
                return reserved;
            }
        }

        return above.Length > 0 && members.Fault is not null ? above[..^1] : null; // several objects in an array: what is in the others is not looked for
    }
}
