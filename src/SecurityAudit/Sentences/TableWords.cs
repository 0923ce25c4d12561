using System.Collections.Immutable;
using SecurityAudit.Fields;

namespace SecurityAudit.Sentences;

/// <summary>What was done with rows of tables, as sentences.</summary>
internal static class TableWords
{
    /// <summary>A statement past <c>SaveChanges</c>: which rows, and what they were, nobody told.</summary>
    public static string Statement(SecurityEvent e)
    {
        var table = Words.Attribute(e, "table");
        var rows = e.Attributes.FirstOrDefault(attribute => attribute.Key is "rows").Value switch
        {
            null => "rows",
            "1" => "1 row",
            var count => $"{Words.Value(count)} rows",
        };
        var columns = e.Attributes.Any(attribute => attribute.Key is "columns") ? $" ({Words.Attribute(e, "columns")})" : "";
        return e.Attributes.FirstOrDefault(attribute => attribute.Key is "operation").Value switch
        {
            "insert" => Words.Did(e, $"added {rows} to {table} by a statement", $"add {rows} to {table} by a statement"),
            "delete" or "truncate" => Words.Did(e, $"removed {rows} from {table} by a statement", $"remove {rows} from {table} by a statement"),
            "drop" => Words.Did(e, $"removed the table {table} by a statement", $"remove the table {table} by a statement"),
            _ => Words.Did(e, $"changed {rows} of {table} by a statement{columns}", $"change {rows} of {table} by a statement{columns}"),
        };
    }

    /// <summary>A row of a table that the application tracks.</summary>
    public static string Row(SecurityEvent e)
    {
        var (before, after) = (Words.Fields(e, EventFields.ChangeBefore), Words.Fields(e, EventFields.ChangeAfter));
        var row = $"the row {Words.Attribute(e, "row")}";
        var table = Words.Attribute(e, "table");
        return e.Attributes.FirstOrDefault(attribute => attribute.Key is "operation").Value switch
        {
            "insert" => Words.Did(e, $"added {row} to {table}{With(after)}", $"add {row} to {table}{With(after)}"),
            "delete" => Words.Did(e, $"removed {row} from {table}{With(before)}", $"remove {row} from {table}{With(before)}"),
            _ => Words.Did(e, $"changed {row} of {table}{Differences(before, after)}", $"change {row} of {table}{Differences(before, after)}"),
        };
    }

    private static string With(ImmutableArray<string> values) => values.IsEmpty ? "" : $" ({Listed(values)})";

    private static string Differences(ImmutableArray<string> before, ImmutableArray<string> after)
    {
        string[] taken = [.. before.Except(after, StringComparer.Ordinal)];
        string[] given = [.. after.Except(before, StringComparer.Ordinal)];
        return (taken, given) switch
        {
            ([], []) => "",
            ([], _) => $" to {Listed(given)}",
            (_, []) => $" from {Listed(taken)}",
            _ => $" from {Listed(taken)} to {Listed(given)}",
        };
    }

    // A sentence has room for some; all of them are in the fields.
    private static string Listed(IReadOnlyCollection<string> values) => values.Count > 8
        ? Words.Some(values.Select(Words.Value), 8)
        : Words.List(values);
}
