using System.Collections.Immutable;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Fields;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>Whose events a rule leaves alone, as queries of what is not to match.</summary>
internal static class ExceptedSources
{
    /// <summary>Fields and values, a star at whose end stands for any rest.</summary>
    public static IEnumerable<(string Field, ImmutableArray<string> Values)> Fields(IEnumerable<RuleExceptions> exceptions)
    {
        var all = exceptions.ToList();
        ImmutableArray<string> sources = [.. all.SelectMany(some => some.Sources)], users = [.. all.SelectMany(some => some.Users)];
        ImmutableArray<string> agents = [.. all.SelectMany(some => some.Agents).Select(agent => agent + "*")];
        return new (string Field, ImmutableArray<string> Values)[]
        {
            (EventFields.SourceIp.Name, sources), (EventFields.User.Id.Name, users), (EventFields.User.Name.Name, users), (EventFields.UserAgent.Name, agents),
        }.Where(field => field.Values.Length > 0);
    }

    public static IEnumerable<JsonObject> Queries(IEnumerable<RuleExceptions> exceptions) =>
        Fields(exceptions).Select(field => PatternQuery.Is(field.Field, field.Values)).OfType<JsonObject>();

    /// <summary>The query without them, in Kibana's language.</summary>
    public static string Kql(string query, IEnumerable<RuleExceptions> exceptions)
    {
        var left = Fields(exceptions).Select(field => $"not {KqlQuery.Is(field.Field, [.. field.Values])}").ToList();
        return left.Count == 0 ? query : $"({query}) and {string.Join(" and ", left)}";
    }
}
