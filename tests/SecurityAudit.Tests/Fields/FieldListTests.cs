using System.Text.Json;
using System.Text.RegularExpressions;
using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Fields;

public sealed partial class FieldListTests
{
    /// <summary>Not in a journal: SecurityAudit.Elasticsearch.Tests holds what shipping and the engine write against the list.</summary>
    private static readonly Field[] InTheEngineAlone = [JournalFields.Envelope, AuditFields.Ingested];

    [Fact]
    public async Task EveryFieldThatIsWrittenIsInTheListAndEveryFieldOfTheListIsWritten()
    {
        var lines = await WrittenLines.AllAsync();

        var written = lines.SelectMany(line => line.EnumerateObject()).Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(written.Where(name => AuditFields.Find(name) is null).Select(name => $"{name} is written and not in the list"));
        Assert.Empty(AuditFields.All.Except(InTheEngineAlone).Where(field => !written.Contains(field.Name)).Select(field => $"{field} is in the list and nobody writes it"));
    }

    [Fact]
    public async Task TheLinesThatAreHeldAgainstTheListAreOfEveryKind()
    {
        var actions = (await WrittenLines.AllAsync()).Select(line => line.Text("event.action")!).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(typeof(ControlAction).GetFields().Select(constant => (string)constant.GetRawConstantValue()!).Except(actions, StringComparer.Ordinal));
        Assert.Empty(EventTests.Catalogue().Select(e => e.Action).Except(actions, StringComparer.Ordinal));
    }

    [Fact]
    public void EachFieldStandsAtItsOrdinalUnderANameOfItsOwn()
    {
        Assert.Equal(Enumerable.Range(0, AuditFields.All.Count), AuditFields.All.Select(field => field.Ordinal));
        Assert.All(AuditFields.All, field =>
        {
            Assert.Same(field, AuditFields.Find(field.Name));
            Assert.Equal(field.Name, field.Encoded.Value);
            Assert.Matches("^[`A-Z].*[.?…]$", field.Meaning);
            Assert.DoesNotContain(AuditFields.All, other => other.Name.StartsWith(field.Name + ".", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void TheTableInTheDocumentationIsTheListOfFields()
    {
        var path = Repository.PathOf("src", "SecurityAudit", "FIELDS.md");
        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
        {
            File.WriteAllText(path, FieldTable.Page());
        }

        Assert.Equal(FieldTable.Page(), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    /// <summary>A name that is typed a second time can be typed wrong.</summary>
    [Fact]
    public void NoNameOfTheListIsTypedASecondTimeInTheLibrary()
    {
        var src = Repository.PathOf("src");
        var typed = Directory.GetFiles(src, "*.cs", SearchOption.AllDirectories).Select(path => (Path: Path.GetRelativePath(src, path), Text: File.ReadAllText(path)))
            .Where(file => !NamesOnPurpose().IsMatch(file.Path))
            .SelectMany(file => Literal().Matches(file.Text).Select(match => (file.Path, Name: match.Groups["name"].Value)))
            .Where(literal => AuditFields.Find(literal.Name) is not null);

        Assert.Empty(typed);
    }

    /// <summary>
    /// The lists themselves, the bytes that frame a line, the queries of the dashboards (which their tests hold against the list), and
    /// the tool.
    /// </summary>
    [GeneratedRegex(@"[/\\](obj|Fields|Kibana)[/\\]|^SecurityAudit\.Tool[/\\]|JournalLineFormat\.cs$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamesOnPurpose();

    [GeneratedRegex(@"""(?<name>[a-z_]+(\.[a-z_]+)+|@timestamp)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literal();
}
