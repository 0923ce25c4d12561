using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Kibana.Pages;
using SecurityAudit.Elasticsearch.Tests.Panels;
using SecurityAudit.Opening;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The Quickstart as a newcomer runs it, its journal shipped by the tool, and every panel asked what it shows of it.</summary>
public sealed class QuickstartPanelsTests(Engines engines)
{
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task EveryPanelShowsWhatTheQuickstartsJournalHasAndNoneIsEmptyButThoseThatSaySo(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var shop = new TemporaryFolder();
        await Quickstart.VisitAsync(shop.Path);
        var audit = Path.Combine(shop.Path, "audit");
        var ship = await ToolRun.PipedAsync("elasticsearch", "ship", audit, "--url", world.Url.ToString(), "--namespace", world.Options.Namespace);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);
        await Ask.RefreshAsync(world.Connection, world.Target.Search);
        var lines = JournalLines.Of(audit);

        var (differences, empty) = (new List<string>(), new List<string>());
        var panels = SavedPanels.All.Concat(Searches.All.Select(OfSearch)).ToList();
        foreach (var (panel, answer) in panels.Zip(await PanelAnswer.AskAllAsync(world, panels)))
        {
            var comparison = new PanelComparison(panel);
            comparison.Compare(answer, [.. lines.Where(Kuery.Parse(panel.Query).Matches)]);
            differences.AddRange(comparison.Differences);
            if (comparison.Rows == 0 && !panel.Title.EndsWith(Kibana.Pages.Panels.Quiet, StringComparison.Ordinal))
            {
                empty.Add(panel.Where);
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(empty.Count == 0, "Without rows:\n" + string.Join('\n', empty));
        await CompareWithJqAsync(world, audit);
    }

    /// <summary>The same counts by a program that shares nothing with these tests, where it is installed.</summary>
    private static async Task CompareWithJqAsync(World world, string audit)
    {
        var queries = SavedPanels.All.Select(panel => panel.Query).Concat(Searches.All.Select(search => search.Query)).Distinct(StringComparer.Ordinal).ToList();
        if (await JournalLines.CountByJqAsync(audit, [.. queries.Select(Kuery.Parse)]) is not { } counts)
        {
            return;
        }

        var answers = await PanelAnswer.AskAllAsync(world, queries.Select(query => Counting("jq", query, query)));
        Assert.Equal(queries.Zip(counts), queries.Zip(answers.Select(answer => (int)answer["hits"]!["total"]!["value"]!)));
    }

    private static SavedPanel OfSearch(SavedSearch search) => Counting("search", search.Title, search.Query);

    private static SavedPanel Counting(string page, string title, string query) =>
        new(page, title, query, [], [new SavedMetric("count", Field: null, "Events", Shift: null)]);
}
