using SecurityAudit.Elasticsearch.Setup;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// The types of the Elastic Common Schema, taken from <c>generated/csv/fields.csv</c> of elastic/ecs at the tag v8.17.0 (fields that the template
/// has, name and type alone).
/// </summary>
public sealed class EcsSchemaTests
{
    [Fact]
    public void EveryEcsFieldHasThePublishedType()
    {
        var published = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Schema", "ecs-8.17.0.tsv"))
            .Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

        Assert.Equal(published.OrderBy(field => field.Key, StringComparer.Ordinal), AuditFields.Ecs.OrderBy(field => field.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void NoFieldOfOurOwnStandsInAFieldSetOfTheSchema()
    {
        var sets = AuditFields.Ecs.Keys.Select(name => name.Split('.')[0]).ToHashSet(StringComparer.Ordinal);

        Assert.DoesNotContain(AuditFields.Own.Keys, name => sets.Contains(name.Split('.')[0]));
    }
}
