using System.Text;
using Microsoft.Extensions.Configuration;
using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Hosting;

namespace SecurityAudit.Tests.Detection;

/// <summary>Rules from configuration, from a folder and from code.</summary>
public sealed class RuleCatalogueTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-rules-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void TheRulesInTheReadmeAreTaken()
    {
        var page = File.ReadAllText(Repository.PathOf("README.md"));
        var json = page[(page.IndexOf("```json", page.IndexOf("## What raises an alert", StringComparison.Ordinal), StringComparison.Ordinal) + 7)..];
        var settings = Read($"{{{json[..json.IndexOf("```", StringComparison.Ordinal)]}}}");
        var rules = RuleCatalogue.Of(settings, _folder.FullName);

        Assert.Empty(rules.Faults);
        Assert.Equal(30, Assert.IsType<ThresholdCondition>(rules.Rules.Single(rule => rule.Id == "password_spraying").When[0]).Count);
        Assert.Equal(5, Assert.IsType<ThresholdCondition>(rules.Rules.Single(rule => rule.Id == "password_spraying").When[0]).Distinct!.Count);
        Assert.False(rules.Rules.Single(rule => rule.Id == "attack_tool").Enabled);
        Assert.Equal(["10.20.0.0/16"], settings.Exceptions.Sources);
        var clerk = Enumerable.Range(0, 10).Select(n => SomeAttempt.By("clerk", SecurityEvents.Activity("order.refund"), at: SomeAttempt.Noon.AddSeconds(n)));
        Assert.Equal(["refund_storm clerk"], new Watched(rules.Rules).Sees(clerk).Raised);
    }

    [Fact]
    public void EachBuiltInRuleIsAFileThatAnOwnersRuleCouldBe()
    {
        foreach (var path in Directory.GetFiles(Repository.PathOf("src", "SecurityAudit", "Detection", "Rules")))
        {
            File.Copy(path, Path.Combine(_folder.FullName, Path.GetFileName(path)));
        }

        var rules = RuleCatalogue.Of(new DetectionSettings { RuleDirectory = "." }, _folder.FullName);

        Assert.Empty(rules.Faults);
        Assert.Equal(RuleCatalogue.BuiltIn.Keys, rules.Rules.Select(rule => rule.Id));
    }

    [Fact]
    public void ARuleInCodeTakesThePlaceOfTheBuiltInOne()
    {
        var settings = new DetectionSettings();
        settings.Rules.Add(RuleCatalogue.BuiltIn["attack_tool"] with
        {
            When = [new ThresholdCondition { Events = EventPattern.OfActions("malicious_attack_tool"), GroupBy = ["source.ip"], Count = 2, Within = TimeSpan.FromMinutes(1) }],
        });

        Assert.Equal(2, ((ThresholdCondition)RuleCatalogue.Of(settings, ".").Rules.Single(rule => rule.Id == "attack_tool").When[0]).Count);
    }

    [Theory]
    [InlineData("""{ "when": [{ "type": "threshold", "events": { "no.such": "x" }, "within": "00:01:00" }] }""", "names the field 'no.such', which no event has")]
    [InlineData("""{ "when": [{ "type": "threshold", "events": { "event.action": [] }, "within": "00:01:00" }] }""", "event.action has no values, so no event is wanted")]
    [InlineData("""{ "when": [{ "type": "threshold", "events": { "event.action": "@nobody" }, "within": "00:01:00" }] }""", "'@nobody' is no list")]
    [InlineData(
        """{ "when": [{ "type": "threshold", "events": { "event.action": "x" }, "within": "2.00:00:00" }] }""",
        "looks back 2.00:00:00, expected more than nothing and at most 1.00:00:00")]
    [InlineData("""{ "when": [{ "type": "threshold", "events": { "event.action": "x" }, "count": 500, "within": "00:01:00" }] }""", "count is 500, expected 1 to 256")]
    [InlineData(
        """
        { "when": [{ "type": "threshold", "events": { "event.action": "x" }, "count": 9, "groupBy": ["user.id"],
                     "distinct": { "field": "user.id", "count": 2 }, "within": "00:01:00" }] }
        """,
        "distinct.field is user.id, which the group has in common: it never differs")]
    [InlineData("""{ "when": [{ "type": "sequence", "steps": [{ "events": { "event.action": "x" } }], "within": "00:01:00" }] }""", "has 1 steps, expected 2 to 4")]
    [InlineData(
        """{ "when": [{ "type": "sequence", "steps": [{ "events": { "event.action": "x" } }, { "events": { "event.action": "y" } }], "within": "00:01:00" }] }""",
        "steps[1] has no 'same'")]
    [InlineData("""{ "when": [{ "type": "absence", "events": { "event.action": "x" }, "groupBy": [], "longerThan": "1.00:00:00" }] }""", "groupBy is empty")]
    [InlineData("""{ "when": [] }""", "without one it never finds anything")]
    [InlineData("""{ "when": [{ "type": "guess" }] }""", "is no rule: ")]
    [InlineData("""{ "wehn": [] }""", "is no rule: ")]
    [InlineData("""{ "severity": "grave" }""", "Found another severity, expected low, medium, high or critical")]
    [InlineData("""{ "exceptions": { "sources": ["ten"] } }""", "exceptions.sources has 'ten', expected an address or a network")]
    [InlineData("""{ "summaryInterval": "00:00:01" }""", "summaryInterval is 00:00:01, expected a minute or more")]
    [InlineData("""{ "name": "" }""", "name is '', expected 1 to 1000 characters")]
    public void ARuleThatCouldNeverFireIsRefusedWithTheReason(string change, string fault)
    {
        const string Rule = """
            { "id": "mine", "name": "Mine", "description": "d", "alert": "a", "advice": "b",
              "when": [{ "type": "threshold", "events": { "event.action": "x" }, "within": "00:01:00" }] }
            """;
        var rule = System.Text.Json.Nodes.JsonNode.Parse(Rule)!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject())
        {
            rule[name] = value?.DeepClone();
        }

        File.WriteAllText(Path.Combine(_folder.FullName, "mine.json"), rule.ToJsonString());

        var rules = RuleCatalogue.Of(new DetectionSettings { RuleDirectory = _folder.FullName }, ".");
        Assert.Contains(fault, Assert.Single(rules.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain(rules.Rules, known => known.Id == "mine");
    }

    [Fact]
    public void AFolderThatIsNotThereAndAFileThatIsNotJsonAreNamed()
    {
        var fault = Assert.Single(RuleCatalogue.Of(new DetectionSettings { RuleDirectory = "none" }, _folder.FullName).Faults);
        Assert.Contains("RuleDirectory is 'none'", fault, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_folder.FullName, "x.json"), "{ nonsense");
        Assert.Contains("x.json is not JSON", RuleCatalogue.Of(new DetectionSettings { RuleDirectory = "." }, _folder.FullName).Faults[0], StringComparison.Ordinal);
    }

    private static DetectionSettings Read(string json)
    {
        var options = new SecurityAuditOptions();
        var section = new OptionsSection(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
        section.Configure(options);
        Assert.Empty(section.Faults);
        return options.Detection;
    }
}
