using System.Collections.Frozen;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Redaction;

/// <summary>
/// Which names a further field may have. What has another name is not lost: it is recorded among the attributes, as <c>field:name</c>.
/// </summary>
internal static class FieldNames
{
    public const int MaxLength = 128;

    /// <summary>The name of an attribute or field that was given none.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The journal's own, and what the event's properties and the redaction write: nobody else may say it.</summary>
    private static readonly FrozenSet<string> Reserved = new Field[]
    {
        EventFields.Outcome, EventFields.Severity, EventFields.Id, EventFields.Reason, EventFields.OwaspLevel,
        EventFields.Redaction, EventFields.Truncated, AuditFields.Ingested,
    }.Concat(JournalFields.All).Except([JournalFields.ErrorMessage]).Select(field => field.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ReservedParts = ["journal", "security_audit.journal", EventFields.Attributes.Name, "security_audit.shipping"];

    /// <summary>What has fields below it: a plain value of that name would keep an index from taking the event.</summary>
    private static readonly FrozenSet<string> Objects = AuditFields.All.SelectMany(field => Parents(field.Name))
        .Concat(["destination", "log", "process", "server"]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>For each field of the list, by its ordinal, whether somebody else may set it.</summary>
    private static readonly bool[] UsableFields = [.. AuditFields.All.Select(field => HasUsableForm(field.Name))];

    public static bool IsUsable(string name) => AuditFields.Find(name) is { } known ? UsableFields[known.Ordinal] : HasUsableForm(name);

    private static bool HasUsableForm(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAnyExceptInRange('!', '~')
        && name.AsSpan().IndexOfAny("\"\\*?") < 0
        && name[0] != '.' && name[^1] != '.' && !name.Contains("..", StringComparison.Ordinal)
        && !Reserved.Contains(name) && !Objects.Contains(name) && !IsReserved(name)
        && !HasPlainParent(name);

    private static bool IsReserved(string name)
    {
        foreach (var part in ReservedParts)
        {
            if (IsPart(name, part))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Is a part of the name a field already? Nothing can stand below a plain value.</summary>
    private static bool HasPlainParent(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (AuditFields.Find(name.AsSpan(0, dot)) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Parents(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }
    }

    private static bool IsPart(string name, string part) =>
        name.StartsWith(part, StringComparison.OrdinalIgnoreCase) && (name.Length == part.Length || name[part.Length] == '.');
}
