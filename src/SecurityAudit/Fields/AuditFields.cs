using System.Collections.Frozen;
using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>
/// All fields: those that are written, and those of ECS that an application or its owner's pipeline may add and that are mapped for that.
/// </summary>
internal static class AuditFields
{
    /// <summary>What a field holds in the place of a secret.</summary>
    public const string Mask = "[redacted]";

    private const string Added = "where the application adds it";
    private const string Located = "where a pipeline of the owner's adds it";

    private static readonly FieldList List = new(ResponseFields.All);

    /// <summary>Each field at the place that its ordinal says.</summary>
    public static IReadOnlyList<Field> All => List;

    public static Field<DateTimeOffset> Ingested { get; } = List.Ecs<DateTimeOffset>(
        "event.ingested", "When the engine took the event in.", "in the engine alone, where `setup --event-ingested` made the pipeline for it", writer: FieldWriter.Engine);

    static AuditFields()
    {
        Add<string>("client.ip", "The client behind a proxy.", Added, FieldType.Ip);
        Add<string>("error.code", "The error's code.");
        Add<string>("error.id", "The error's id.");
        Add<string>("event.code", "The application's number for such events.");
        Add<long>("event.duration", "How long it took, in nanoseconds.");
        Add<long>("file.size", "The file's size in bytes.");
        Add<ImmutableArray<string>>("related.hosts", "All host names in the event.");
        Add<string>("rule.category", "The kind of rule.");
        Add<string>("service.node.name", "The instance of the application.");
        Add<long>("source.as.number", "The autonomous system of the address.", Located);
        Add<string>("source.as.organization.name", "Whose system that is.", Located);
        Add<string>("source.geo.city_name", "The city.", Located);
        Add<string>("source.geo.country_iso_code", "The country's code.", Located);
        Add<string>("source.geo.country_name", "The country.", Located);
        Add<string>("source.geo.location", "Latitude and longitude.", Located, FieldType.GeoPoint);
        Add<string>("source.geo.region_name", "The region.", Located);
        Add<ImmutableArray<string>>("tags", "Tags, Logstash's `_logstash` say.");
        Add<string>("transaction.id", "The transaction that an APM agent sees.");
        Add<string>("url.domain", "The host name that was asked for.");
        Add<string>("user.changes.email", "The new e-mail address.");
        Add<string>("user.changes.name", "The new name.");
        Add<ImmutableArray<string>>("user.changes.roles", "The new roles.");
        Add<string>("user.domain", "The tenant or directory of the account.");
        Add<string>("user_agent.name", "The program's name alone.");
        ByName = List.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal);
        BySpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static FrozenDictionary<string, Field> ByName { get; }

    private static FrozenDictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; }

    /// <summary>The field of that name; null when it is not in the list.</summary>
    public static Field? Find(string name) => ByName.GetValueOrDefault(name);

    public static Field? Find(ReadOnlySpan<char> name) => BySpan.TryGetValue(name, out var field) ? field : null;

    private static void Add<T>(string name, string meaning, string presence = Added, FieldType? type = null) =>
        List.Ecs<T>(name, meaning, presence, type, FieldWriter.Application);
}
