using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

public sealed partial class PromiseTests
{
    [Fact]
    public void EveryPromiseInTheReadmeHasATestInTheSameWords()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Repository(), "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .SelectMany(file => TestMethod().Matches(File.ReadAllText(file)))
            .Select(match => Letters(match.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);
        var promises = File.ReadLines(Path.Combine(Repository(), "README.md"))
            .Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(promises);
        Assert.All(promises, promise => Assert.True(tests.Contains(Letters(promise)), $"No test says: {promise}"));
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "SecurityAudit.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"No SecurityAudit.sln above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"^    public (?:async Task|Task|void) (?<name>[A-Z]\w+)\(", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TestMethod();
}
