namespace SecurityAudit.Acceptance.Tests;

/// <summary>What the pages show is taken from code that is compiled here, and the paths they name exist.</summary>
public sealed class SnippetTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Repository.Root, "README.md", SearchOption.AllDirectories)
            .Where(page => !page.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(page => Path.GetRelativePath(Repository.Root, page))];

    [Theory, MemberData(nameof(Pages))]
    public void EverySnippetIsCompiledFromASampleOrATest(string page)
    {
        var compiled = string.Concat(new[] { "samples", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) != "SnippetTests.cs")
            .Select(file => Plain(File.ReadAllText(file))));

        Assert.All(Snippets(File.ReadAllLines(Repository.PathOf(page))), snippet => Assert.Contains(Plain(snippet), compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryProjectThatTheReadmeRunsIsThere()
    {
        var projects = File.ReadAllText(Repository.PathOf("README.md")).Split("--project ").Skip(1).Select(rest => rest.Split(' ', '\n', '`')[0]).ToList();

        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.True(Directory.Exists(Repository.PathOf(project)), project));
    }

    private static IEnumerable<string> Snippets(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "```csharp")
            {
                var end = Array.IndexOf(lines, "```", i);
                yield return string.Join('\n', lines[(i + 1)..end]);
                i = end;
            }
        }
    }

    private static string Plain(string code) => string.Concat(code.Where(character => !char.IsWhiteSpace(character)));
}
