using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Tool.Tests;
using YamlDotNet.RepresentationModel;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>
/// The files in <c>samples/Kibana</c> and <c>samples/Shippers</c>, whose programs cannot run here: read, and their steps taken on a real
/// engine.
/// </summary>
public sealed partial class SampleFilesTests(Engines engines)
{
    [Fact]
    public void TheComposeFilePinsItsImagesAndOpensPortsOnTheLoopbackAddressAlone()
    {
        var services = (YamlMappingNode)Yaml("Kibana", "compose.yaml")["services"];
        var images = services.Children.Select(service => service.Value["image"].ToString()).ToList();

        Assert.All(images, image => Assert.Matches(@"^[a-z./-]+:(8\.19\.\d+|10\.0)$", image));
        Assert.Single(images.Where(image => image.Contains("elastic.co", StringComparison.Ordinal)).Select(image => image.Split(':')[1]).Distinct(StringComparer.Ordinal));
        foreach (var service in services.Children.Values.Cast<YamlMappingNode>().Where(service => service.Children.ContainsKey("ports")))
        {
            Assert.All((YamlSequenceNode)service["ports"], port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));
        }

        var dependencies = services.Children.Values.Cast<YamlMappingNode>()
            .Where(service => service.Children.ContainsKey("depends_on"))
            .SelectMany(service => ((YamlMappingNode)service["depends_on"]).Children);
        foreach (var (_, dependency) in dependencies)
        {
            Assert.Contains(dependency["condition"].ToString(), new[] { "service_healthy", "service_completed_successfully" });
        }

        Assert.DoesNotContain("changeme", File.ReadAllText(PathOf("Kibana", "compose.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheStepsOfTheComposeFileLessKibanaSetUpAndShipTheQuickstart()
    {
        Engines.SkipWithoutOwnEngine();
        const string password = "Quiet-Kettle-Steam-9";
        await using var engine = await EngineProcess.StartAsync(Engines.Elasticsearch, data: null, "--password", password);
        using var shop = new TemporaryFolder();
        var url = engine.Url.ToString().TrimEnd('/');
        var keyFile = Path.Combine(shop.Path, "audit.key");
        var command = Yaml("Kibana", "compose.yaml")["services"]["setup"]["command"][0].ToString();
        var arguments = command[(command.IndexOf("-- elasticsearch", StringComparison.Ordinal) + 3)..].Replace("\"$$@\"", "", StringComparison.Ordinal)
            .Replace("http://elasticsearch:9200", url, StringComparison.Ordinal).Replace("--kibana-url http://kibana:5601", "", StringComparison.Ordinal)
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("--key-file /key/audit.key", command, StringComparison.Ordinal);

        await SecuredEngine.KnowsItsUserAsync(new Uri(url), password);
        var setup = await ToolRun.PipedAsync([.. arguments, "--password", password, "--key-file", keyFile]);
        Assert.True(setup.ExitCode == 0, setup.Output + setup.Error);
        var key = (await File.ReadAllTextAsync(keyFile)).Trim();
        await Quickstart.VisitAsync(shop.Path, new Dictionary<string, string> { ["SecurityAudit__Elasticsearch__Url"] = url, ["SecurityAudit__Elasticsearch__ApiKey"] = key });

        // The visit is over before its last second is shipped: what an application does at its next start, the tool does here.
        var audit = Path.Combine(shop.Path, "audit");
        Assert.True(new FileInfo(Directory.GetFiles(Path.Combine(audit, "shipping"), "*.bookmark")[0]).Length > 0);
        var ship = await ToolRun.PipedAsync("elasticsearch", "ship", audit, "--url", url, "--api-key", key);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);
        var reconcile = await ToolRun.PipedAsync("elasticsearch", "reconcile", audit, "--url", url, "--username", "elastic", "--password", password);
        Assert.True(reconcile.ExitCode == 0, reconcile.Output + reconcile.Error);
    }

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task WhatFilebeatAndLogstashMakeOfTheLinesPassesTheTemplatesAndAgreesByHash(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var log = DiskLog.Of(40);
        using var reader = new JournalReader(log.Log.Directory);
        for (var i = 0; reader.TryRead(out var line); i++)
        {
            var document = JsonNode.Parse(line.Utf8.Span)!.AsObject();
            if (i % 2 == 0)
            {
                document["ecs"] = new JsonObject { ["version"] = "8.0.0" }; // Filebeat's own
            }
            else
            {
                document["tags"] = new JsonArray("_logstash");
            }

            await world.IndexAsync(Bulk.DocumentId.Of(log.Log.Id, line.Sequence, line.Bookmark.Hash), document.ToJsonString());
        }

        var run = await ToolRun.PipedAsync("elasticsearch", "reconcile", log.Directory, "--hashes-only", "--url", world.Url.ToString(), "--namespace", world.Options.Namespace);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }

    [Fact]
    public void TheFilebeatFileReadsSegmentsAndNothingElseAndGivesTheSameId()
    {
        var file = Yaml("Shippers", "filebeat.yml");
        var input = file["filebeat.inputs"][0];

        Assert.Equal("filestream", input["type"].ToString());
        Assert.All((YamlSequenceNode)input["paths"], path => Assert.Matches(@"^/srv/shop/audit/(slot-\*/)?\*\.jsonl$", path.ToString()));
        Assert.Contains(
            "event.Get(\"journal.id\") + \"-\" + event.Get(\"event.sequence\") + \"-\" + event.Get(\"event.hash\").substring(0, 22)",
            file["processors"][0]["script"]["source"].ToString(), StringComparison.Ordinal);
        Assert.Equal(new Bulk.IndexNames("default").DataStream, file["output.elasticsearch"]["index"].ToString());
        Assert.Equal("false", file["setup.template.enabled"].ToString());
    }

    [Fact]
    public void TheLogstashFileCreatesUnderTheSameIdAndItsBracesMatch()
    {
        var text = Comments().Replace(File.ReadAllText(PathOf("Shippers", "logstash.conf")), "");

        Assert.Contains("document_id => \"%{[@metadata][id]}\"", text, StringComparison.Ordinal);
        Assert.Contains("\"%{[journal.id]}-%{[event.sequence]}-%{[@metadata][hash]}\"", text, StringComparison.Ordinal);
        Assert.Contains("truncate { fields => [\"[@metadata][hash]\"] length_bytes => 22 }", text, StringComparison.Ordinal);
        Assert.Equal(22, Bulk.DocumentId.HashCharacters);
        Assert.Contains("action => \"create\"", text, StringComparison.Ordinal);
        Assert.Contains($"index => \"{new Bulk.IndexNames("default").DataStream}\"", text, StringComparison.Ordinal);
        var depth = 0;
        foreach (var c in Strings().Replace(text, ""))
        {
            depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            Assert.True(depth >= 0);
        }

        Assert.Equal(0, depth);
    }

    private static YamlMappingNode Yaml(string folder, string name)
    {
        var yaml = new YamlStream();
        using var reader = new StringReader(File.ReadAllText(PathOf(folder, name), Encoding.UTF8));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static string PathOf(string folder, string name) => Path.Combine(Quickstart.Repository, "samples", folder, name);

    [GeneratedRegex(@"#[^\n]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comments();

    [GeneratedRegex("\"[^\"\n]*\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Strings();
}
