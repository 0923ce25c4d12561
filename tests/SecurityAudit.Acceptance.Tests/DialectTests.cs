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
    public void NothingConfiguresHowItIsAwaited() =>
        Assert.Empty(Sources.Where(source => source.Text.Contains(".ConfigureAwait(", StringComparison.Ordinal)).Select(source => source.File));

    [Fact]
    public void AFolderHasOneNamespace() => Assert.Empty(Sources
        .GroupBy(source => Path.GetDirectoryName(source.File), source => Namespace().Match(source.Text).Groups["name"].Value)
        .Select(folder => (folder.Key, Namespaces: folder.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToArray()))
        .Where(folder => folder.Namespaces.Length > 1)
        .Select(folder => $"{folder.Key}: {string.Join(", ", folder.Namespaces)}"));

    [GeneratedRegex(@"[\\/](obj|bin)[\\/]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Generated();

    [GeneratedRegex(@"^max_line_length = (?<limit>\d+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex LineLimit();

    [GeneratedRegex(@"\bCancellationToken (?<name>\w+)( =|,|\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Namespace();
}
