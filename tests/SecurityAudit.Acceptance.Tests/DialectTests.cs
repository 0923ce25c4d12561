using System.Globalization;
using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>
/// One dialect throughout, where no analyzer looks: what the compiler's own rules enforce stands in <c>.editorconfig</c>.
/// </summary>
public sealed partial class DialectTests
{
    private static readonly (string File, string Text)[] Sources =
    [
        .. new[] { "src", "tests", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Generated().IsMatch(file))
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file))),
    ];

    [Fact]
    public void NoLineIsLongerThanTheEditorIsTold()
    {
        var limit = int.Parse(
            LineLimit().Match(File.ReadAllText(Repository.PathOf(".editorconfig"))).Groups["limit"].Value, CultureInfo.InvariantCulture);

        Assert.Empty(Sources.SelectMany(source => source.Text.Split('\n').Index()
            .Where(line => line.Item.TrimEnd('\r').Length > limit)
            .Select(line => $"{source.File}:{line.Index + 1} has {line.Item.Length} characters, expected {limit} at most")));
    }

    [Fact]
    public void ACancellationTokenIsCalledOne() => Assert.Empty(Sources.SelectMany(source =>
        Token().Matches(source.Text).Select(match => match.Groups["name"].Value)
            .Where(name => name is not ("cancellationToken" or "stoppingToken"))
            .Select(name => $"{source.File} calls a CancellationToken {name}, expected cancellationToken")));

    [Fact]
    public void NothingConfiguresHowItIsAwaited() => Assert.Empty(Sources
        .Where(source => !IsThis(source.File) && source.Text.Contains(".ConfigureAwait(", StringComparison.Ordinal))
        .Select(source => source.File));

    /// <summary>But for extension methods of the framework's types, which are looked for in the framework's namespaces.</summary>
    [Fact]
    public void AFolderHasOneNamespace() => Assert.Empty(Sources
        .Where(source => !source.File.EndsWith("Extensions.cs", StringComparison.Ordinal)
            || !source.Text.Contains("\nnamespace Microsoft.", StringComparison.Ordinal))
        .GroupBy(source => Path.GetDirectoryName(source.File), source => Namespace().Match(source.Text).Groups["name"].Value)
        .Select(folder => (folder.Key, Namespaces: folder.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToArray()))
        .Where(folder => folder.Namespaces.Length > 1)
        .Select(folder => $"{folder.Key}: {string.Join(", ", folder.Namespaces)}"));

    /// <summary>Words that are not English where they stood.</summary>
    [Fact]
    public void AWordThatWasGivenUpDoesNotComeBack() => Assert.Empty(Sources
        .Where(source => !IsThis(source.File))
        .SelectMany(source => GivenUp().Matches(source.Text).Select(match => $"{source.File} says {match.Value}, a word that was given up")));

    private static bool IsThis(string file) => Path.GetFileName(file) == nameof(DialectTests) + ".cs";

    [GeneratedRegex(@"[\\/](obj|bin)[\\/]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Generated();

    [GeneratedRegex(@"^max_line_length = (?<limit>\d+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex LineLimit();

    [GeneratedRegex(@"\bCancellationToken (?<name>\w+)( =|,|\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex(
        @"\bdeeds?\b|condemn\w*|LosePatience|AgainAndAgain|TypesThereAre|flavour|journal stands in|\w+ is no (checkpoint|segment of|JSON)\b",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GivenUp();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Namespace();
}
