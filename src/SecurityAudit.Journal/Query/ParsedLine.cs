namespace SecurityAudit.Journal;

/// <summary>What could be read of a line.</summary>
internal sealed record ParsedLine(IReadOnlyDictionary<string, string> Fields, DateTimeOffset? Timestamp, string? Fault)
{
    public static ParsedLine Of(ReadOnlySpan<byte> line)
    {
        var fields = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        string? twice = null;
        var members = new LineMembers(line);
        while (members.MoveNext())
        {
            var name = members.Name();
            if (!fields.TryAdd(name, members.Text()))
            {
                twice ??= name;
            }
        }

        var fault = members.Fault ?? (twice is null ? null : $"The field {twice} stands twice; the first counts.");
        var timestamp = LineFields.Timestamp(line);
        if (timestamp is null && fields.TryGetValue(JournalFields.Timestamp.Name, out var text))
        {
            fault ??= $"{JournalFields.Timestamp} is '{text}', expected a time such as 2026-11-24T04:30:00Z.";
        }

        return new ParsedLine(fields, timestamp, fault);
    }
}
