using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>
/// The most telling values of a field, the rest as one row. An event without the field has a row of its own where the field is text; where
/// it is not (an address, a number) neither product can show one, and the panel's query has to ask for the field.
/// </summary>
internal sealed record Division(string Field, int Size)
{
    public string Heading => Headings.Of(Field);

    public bool ShowsMissing => Type is FieldType.Keyword or FieldType.Wildcard;

    public FieldType? Type => AuditFields.Find(Field)?.Type;
}
