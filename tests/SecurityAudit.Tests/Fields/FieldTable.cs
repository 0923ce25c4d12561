using System.Text;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Fields;

/// <summary>The list of fields as a page for people; approve a change with APPROVE=1.</summary>
internal static class FieldTable
{
    private const string Introduction =
        """
        # The fields of an event

        A line of the journal is one flat JSON object; its keys are these names, and a document in Elasticsearch or OpenSearch has the same. Lists are arrays of
        texts. The index template that `security-audit elasticsearch setup` makes maps each of these fields and no others: what an event has besides is stored and
        shown, but not searched. This page is made from the list in the code.

        """;

    public static string Page()
    {
        var page = new StringBuilder(Introduction);
        Table(page, "Of the Elastic Common Schema 8.17", "", AuditFields.All.Where(field => field is { IsEcs: true, Writer: not FieldWriter.Application }));
        Table(page, "Our own", "", AuditFields.All.Where(field => !field.IsEcs));
        Table(
            page, "What an application may add",
            "Fields of the Elastic Common Schema that nothing here writes and that are mapped for `With(\"user.domain\", …)`, or for a pipeline of the owner's.\n\n",
            AuditFields.All.Where(field => field.Writer == FieldWriter.Application));
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Table(StringBuilder page, string title, string words, IEnumerable<Field> fields)
    {
        page.Append("\n## ").Append(title).Append("\n\n").Append(words).Append("| field | type | what it says | when it is there |\n|---|---|---|---|\n");
        foreach (var field in fields.OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            page.Append("| `").Append(field.Name).Append("` | ").Append(TypeOf(field)).Append(" | ").Append(field.Meaning).Append(" | ").Append(field.Presence).Append(" |\n");
        }
    }

    private static string TypeOf(Field field) =>
        (field.Type switch { FieldType.Text => "match_only_text", FieldType.GeoPoint => "geo_point", var type => type.ToString().ToLowerInvariant() })
        + (field.IsList ? ", list" : "") + (field.IsIndexed ? "" : ", not searched");
}
