using System.Text.RegularExpressions;
using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Hosting;

namespace SecurityAudit.Tests;

/// <summary>The table of the OWASP vocabulary, held against the catalogue, the hooks and the tests.</summary>
public sealed partial class VocabularyTests
{
    private static readonly List<string[]> Rows =
    [
        .. File.ReadLines(Repository.PathOf("src", "SecurityAudit", "VOCABULARY.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..5]),
    ];

    private static bool IsAutomatic(string[] row) => !row[2].StartsWith("the call ", StringComparison.Ordinal);

    [Fact]
    public void TheTableHasEveryEventOfTheVocabularyWithItsLevel() => Assert.Equal(
        EventTests.Catalogue().Where(e => e.OwaspLevel is not null).Select(e => $"`{e.Action}` {e.OwaspLevel}").Order(StringComparer.Ordinal),
        Rows.Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));

    [Fact]
    public void MoreThanHalfOfTheVocabularyIsAutomaticThroughHooksThatAreThere()
    {
        var automatic = Rows.FindAll(IsAutomatic);
        string[] sources = [.. CaptureHooks.All.Select(hook => hook.Name), "the host", "the options", "where `[AuditSensitive]` stands"];

        Assert.True(automatic.Count >= 30, $"{automatic.Count} are automatic, expected 30 at least.");
        Assert.Contains($"{automatic.Count} of them are recorded without", File.ReadAllText(Repository.PathOf("src", "SecurityAudit", "VOCABULARY.md")), StringComparison.Ordinal);
        Assert.All(automatic.SelectMany(row => row[2].Split(", ")), source => Assert.Contains(source, sources));
    }

    [Fact]
    public void EachAutomaticEventHasATestThatNamesIt()
    {
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests", "SecurityAudit.Tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .SelectMany(text => TestMethod().Matches(text).Select(match => (Name: match.Groups["name"].Value, Text: text)))
            .ToLookup(test => test.Name, test => test.Text, StringComparer.Ordinal);

        foreach (var row in Rows.FindAll(IsAutomatic))
        {
            Assert.True(
                tests[row[3].Trim('`')].Any(text => text.Contains($"\"{row[0].Trim('`')}\"", StringComparison.Ordinal)), $"{row[3]} does not name {row[0]}.");
        }
    }

    [Fact]
    public void EachOtherEventNamesTheCallThatRecordsIt() => Assert.All(
        Rows.FindAll(row => !IsAutomatic(row)),
        row => Assert.NotNull(typeof(SecurityEvents).GetMethod(row[2].Trim('`')[(row[2].Trim('`').LastIndexOf('.') + 1)..])));

    [GeneratedRegex(@"^    public (?:async Task|Task|void) (?<name>[A-Z]\w+)\(", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TestMethod();
}
