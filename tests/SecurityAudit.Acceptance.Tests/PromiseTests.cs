using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

public sealed partial class PromiseTests
{
    [Fact]
    public void EveryPromiseInTheReadmeHasATestInTheSameWords()
    {
        var tests = Tests();
        var promises = File.ReadLines(Repository.PathOf("README.md"))
            .Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(promises);
        Assert.All(promises, promise => Assert.True(tests.Contains(Letters(promise)), $"No test says: {promise}"));
    }

    [Fact]
    public void EveryRowOfTheAuditorsTableOfVerdictsNamesTestsThatAreThere()
    {
        var tests = Tests();
        var rows = File.ReadLines(Repository.PathOf("src", "SecurityAudit.Journal", "README.md"))
            .SkipWhile(line => !line.StartsWith("| who | does |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .ToList();

        Assert.True(rows.Count > 10);
        foreach (var row in rows.Where(row => !row.Contains("| the same |", StringComparison.Ordinal)))
        {
            var named = TestName().Matches(row).Select(match => match.Value).ToList();
            Assert.True(named.Count > 0, $"No test is named: {row}");
            Assert.All(named, name => Assert.Contains(Letters(name), tests));
        }
    }

    private static HashSet<string> Tests() => Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
        .SelectMany(file => TestMethod().Matches(File.ReadAllText(file)))
        .Select(match => Letters(match.Groups["name"].Value))
        .ToHashSet(StringComparer.Ordinal);

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    [GeneratedRegex(@"[A-Z]\w{20,}", RegexOptions.NonBacktracking)]
    private static partial Regex TestName();

    [GeneratedRegex(@"^    public (?:async Task|Task|void) (?<name>[A-Z]\w+)\(", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TestMethod();
}
