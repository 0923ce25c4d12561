using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Fields;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// The types of the Elastic Common Schema, taken from <c>generated/csv/fields.csv</c> of elastic/ecs at the tag v8.17.0 (fields that the
/// list has; name, type, and <c>array</c> where the schema says so).
/// </summary>
public sealed class EcsSchemaTests
{
    private static readonly Dictionary<string, string[]> Published = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Schema", "ecs-8.17.0.tsv"))
        .Select(line => line.Split('\t')).ToDictionary(parts => parts[0], StringComparer.Ordinal);

    [Fact]
    public void EveryEcsFieldHasThePublishedType() => Assert.Equal(
        Published.Select(field => (field.Key, field.Value[1])).Order(),
        AuditFields.All.Where(field => field.IsEcs).Select(field => (field.Name, FieldMapping.TypeOf(field))).Order());

    [Fact]
    public void EveryEcsFieldIsAListWhereTheSchemaSaysSo() => Assert.Equal(
        Published.Where(field => field.Value is [_, _, "array"]).Select(field => field.Key).Order(StringComparer.Ordinal),
        AuditFields.All.Where(field => field is { IsEcs: true, IsList: true }).Select(field => field.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void NoFieldOfOurOwnStandsInAFieldSetOfTheSchema()
    {
        var sets = Published.Keys.Select(name => name.Split('.')[0]).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(AuditFields.All.Where(field => !field.IsEcs), field => sets.Contains(field.Name.Split('.')[0]));
    }
}
