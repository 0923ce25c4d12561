using System.Text;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Elasticsearch.Tests.AcrossNodes;
using YamlDotNet.Serialization;

namespace SecurityAudit.Elasticsearch.Tests.Rules;

/// <summary>Each Sigma file is read by Sigma's own implementation, and what it makes of it is run on both real engines.</summary>
public sealed class SigmaRulesTests(Engines engines)
{
    private static readonly string[] NotByThisBackend =
    [
        "Correlation type 'temporal_ordered' is not supported by backend.", "Correlation field normalization is not supported by backend.",
    ];

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task EachSigmaRuleFindsTheEventsThatTheRuleMeans(string engine)
    {
        SigmaConverter.SkipWithoutIt();
        using var folder = new TemporaryFolder();
        var events = AttackHour.Events();
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, events);
        List<string> paths = [];
        List<(DetectionRule Rule, EventPattern Pattern)> meant = [];
        foreach (var rule in ExportedRules.WithOwn.Rules)
        {
            if (SigmaRules.Of(ExportedRules.WithOwn with { Rules = [rule] }).Files is [var file])
            {
                paths.Add(Path.Combine(folder.Path, file.Key));
                var counted = Documents(file.Value).Where(document => !document.Contains("\ncorrelation:", StringComparison.Ordinal));
                await File.WriteAllTextAsync(paths[^1], string.Join("---\n", counted), TestContext.Current.CancellationToken);
                meant.AddRange(rule.When.SelectMany(KqlQuery.Patterns).Select(pattern => (rule, pattern)));
            }
        }

        var (exitCode, queries, error) = SigmaConverter.Convert("lucene", [.. paths]);
        Assert.True(exitCode == 0, error);
        Assert.Equal(meant.Count, queries.Length);
        var found = 0;
        foreach (var (query, (rule, pattern)) in queries.Zip(meant))
        {
            var body = new JsonObject { ["query"] = new JsonObject { ["query_string"] = new JsonObject { ["query"] = query } } };
            var count = (int)(await Ask.JsonAsync(shop.World.Connection, HttpMethod.Post, shop.World.Target.Search + "/_count", body.ToJsonString()))["count"]!;
            Assert.True(Matching(pattern, rule, events) == count, $"{rule.Id}: {query} finds {count}, the pattern {Matching(pattern, rule, events)}");
            found += count;
        }

        Assert.True(found > 200, $"{found} events were found by all rules together.");
    }

    [Fact]
    public void EachSigmaFileIsValidWithItsCorrelations()
    {
        SigmaConverter.SkipWithoutIt();
        using var folder = new TemporaryFolder();
        List<string> counted = [], ordered = [];
        foreach (var (name, text) in SigmaRules.Of(ExportedRules.WithOwn).Files)
        {
            Assert.Matches("^[a-z0-9_]{10,70}[.]yml$", name);
            var path = Path.Combine(folder.Path, name);
            File.WriteAllText(path, text);
            (text.Contains("temporal_ordered", StringComparison.Ordinal) ? ordered : counted).Add(path);
        }

        var (exitCode, queries, error) = SigmaConverter.Convert("esql", [.. counted]);
        Assert.True(exitCode == 0, error);
        Assert.Contains(queries, query => query.Contains("count_distinct(user.hash)", StringComparison.Ordinal));

        // Read and found valid; what orders events is no query of this backend.
        Assert.Equal(2, ordered.Count);
        Assert.All(ordered, path => Assert.Contains(NotByThisBackend, SigmaConverter.Convert("esql", path).Error.Contains));
    }

    [Fact]
    public void CorrelationsSayWhatTheRuleSays()
    {
        var files = SigmaRules.Of(ExportedRules.BuiltIn).Files.ToDictionary(file => file.Key, file => Documents(file.Value).Select(Parsed).ToList(), StringComparer.Ordinal);

        var spray = (IDictionary<object, object>)files["security_audit_password_spraying.yml"][1]["correlation"];
        Assert.Equal(("value_count", "1h"), (spray["type"], spray["timespan"]));
        Assert.Equal(["source.ip"], (IEnumerable<object>)spray["group-by"]);
        Assert.Equal(("user.hash", "5"), (((IDictionary<object, object>)spray["condition"])["field"], ((IDictionary<object, object>)spray["condition"])["gte"]));
        var guess = (IDictionary<object, object>)files["security_audit_brute_force.yml"][1]["correlation"];
        Assert.Equal("event_count", guess["type"]);
        Assert.Equal("critical", files["security_audit_success_after_attack.yml"][2]["level"]);
        Assert.Contains("attack.t1110.003", (IEnumerable<object>)files["security_audit_password_spraying.yml"][1]["tags"]);
        var escalation = (IDictionary<object, object>)files["security_audit_privilege_escalation.yml"][3]["correlation"];
        Assert.Equal("temporal_ordered", escalation["type"]);
        Assert.Equal(["same_user_id"], (IEnumerable<object>)escalation["group-by"]);
        Assert.All(files.Values.SelectMany(documents => documents), document => Assert.True(Guid.TryParse((string)document["id"], out _)));
        Assert.Equal(files.Values.Sum(documents => documents.Count), files.Values.SelectMany(documents => documents).Select(document => document["id"]).Distinct().Count());
    }

    [Fact]
    public void WhatSigmaCannotSayIsLeftOutAndTold()
    {
        var leftOut = SigmaRules.Of(ExportedRules.BuiltIn).LeftOut;

        Assert.Equal(["Dormant account used", "Impossible travel", "Administrator from a new source"], leftOut.Select(reason => reason.Split(':')[0]));
    }

    private static string[] Documents(string file) => file.Split("---\n");

    private static Dictionary<object, object> Parsed(string document) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(document);

    /// <summary>As the rules' own engine sees it.</summary>
    private static int Matching(EventPattern pattern, DetectionRule rule, IReadOnlyList<(int Node, JsonObject Event)> events)
    {
        var slots = new FieldSlots();
        var compiled = new CompiledPattern(pattern, slots, ShopOfNodes.Lists);
        var excepted = new ExceptedEvents([rule.Exceptions], slots);
        var view = new EventView(slots, 1);
        return events.Count(e => view.Read(Encoding.UTF8.GetBytes(e.Event.ToJsonString())) && compiled.Matches(view) && !excepted.Has(view));
    }
}
