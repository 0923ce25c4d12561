namespace SecurityAudit.Journal;

/// <summary>
/// Looks up single fields of a line, for whoever needs no more of it. Of a name that stands twice, the first counts. Throws nothing.
/// </summary>
internal static class LineFields
{
    /// <summary>When the event was; null when the line does not say so that it can be read.</summary>
    public static DateTimeOffset? Timestamp(ReadOnlySpan<byte> line)
    {
        var members = new LineMembers(line);
        return Find(ref members, JournalFields.Timestamp.Encoded.EncodedUtf8Bytes) ? members.Moment() : null;
    }

    /// <summary>A field that is a string; null when there is none.</summary>
    public static string? Text(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        var members = new LineMembers(line);
        return Find(ref members, name) ? members.String() : null;
    }

    private static bool Find(ref LineMembers members, ReadOnlySpan<byte> name)
    {
        while (members.MoveNext())
        {
            if (members.IsNamed(name))
            {
                return true;
            }
        }

        return false;
    }
}
