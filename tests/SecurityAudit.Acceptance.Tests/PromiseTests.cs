using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

public sealed partial class PromiseTests
{
    /// <summary>Chapter 16 of OWASP ASVS 5.0.0, requirement 10.2 of PCI DSS 4.0.1, and of NIST SP 800-53 Rev. 5 what is about recording.</summary>
    private static readonly string[] Requirements =
    [
        "ASVS 16.1.1", "ASVS 16.2.1", "ASVS 16.2.2", "ASVS 16.2.3", "ASVS 16.2.4", "ASVS 16.2.5", "ASVS 16.3.1", "ASVS 16.3.2", "ASVS 16.3.3", "ASVS 16.3.4",
        "ASVS 16.4.1", "ASVS 16.4.2", "ASVS 16.4.3", "ASVS 16.5.1", "ASVS 16.5.2", "ASVS 16.5.3", "ASVS 16.5.4",
        "PCI 10.2.1", "PCI 10.2.1.1", "PCI 10.2.1.2", "PCI 10.2.1.3", "PCI 10.2.1.4", "PCI 10.2.1.5", "PCI 10.2.1.6", "PCI 10.2.1.7", "PCI 10.2.2",
        "NIST AU-2", "NIST AU-3", "NIST AU-8", "NIST AU-9", "NIST AU-10", "NIST AU-12",
    ];

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

    [Fact]
    public void EveryRuleStandsInTheReadmeAndNamesTestsThatAreThere()
    {
        var tests = Tests();
        var rows = File.ReadLines(Repository.PathOf("README.md"))
            .SkipWhile(line => !line.StartsWith("| Rule | tells of |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(row => row.Split('|', StringSplitOptions.TrimEntries))
            .ToList();

        var rules = Directory.GetFiles(Repository.PathOf("src", "SecurityAudit", "Detection", "Rules"), "*.json").Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(rules.Order(StringComparer.Ordinal), rows.Select(row => row[1].Trim('`')).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.All(TestName().Matches(row[5]).Select(match => match.Value).DefaultIfEmpty(row[5]), name => Assert.Contains(Letters(name), tests)));
    }

    [Fact]
    public void EveryRequirementThatAuditorsAskForHasATestOrTheWordThatItIsNotThisPackages()
    {
        var tests = Tests();
        var rows = File.ReadLines(Repository.PathOf("README.md"))
            .SkipWhile(line => line != "| Requirement | What answers it | Shown by |").Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(row => row.Split('|', StringSplitOptions.TrimEntries))
            .ToList();

        Assert.Equal(Requirements, rows.Select(row => string.Join(' ', row[1].Split(' ').Take(2))));
        foreach (var row in rows)
        {
            var named = TestName().Matches(row[3]).Select(match => match.Value).ToList();
            Assert.True(named.Count > 0 || (row[3] == "–" && row[2].Contains("not ", StringComparison.Ordinal)), row[1]);
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
