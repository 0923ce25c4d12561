using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

public sealed partial class PromiseTests
{
    [Fact]
    public void EveryPromiseInTheReadmeHasATestInTheSameWords()
    {
        var tests = Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => TestMethod().Matches(File.ReadAllText(file)))
            .Select(match => Letters(match.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);
        var promises = File.ReadLines(Repository.PathOf("README.md"))
            .Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(promises);
        Assert.All(promises, promise => Assert.True(tests.Contains(Letters(promise)), $"No test says: {promise}"));
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    [GeneratedRegex(@"^    public (?:async Task|Task|void) (?<name>[A-Z]\w+)\(", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TestMethod();
}
