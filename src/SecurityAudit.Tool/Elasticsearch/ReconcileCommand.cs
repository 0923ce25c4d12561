using System.CommandLine;
using SecurityAudit.Elasticsearch.Reconciliation;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Commands;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// <c>elasticsearch reconcile DIR</c>: is every line of the journal stored once, with the journal's hash? Exit code 0 yes, 1 no.
/// </summary>
internal sealed class ReconcileCommand : Command
{
    private const int FindingsShown = 100;

    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly EngineOptions _engine = new();
    private readonly Option<bool> _hashes = new("--hashes-only") { Description = "Compares the stored hashes and not the whole documents." };
    private readonly Option<string[]> _added = new("--added-field")
    {
        Description = "A field that an ingest pipeline of yours adds to the events, e.g. source.geo.country_iso_code; event.ingested is known. "
            + "May be said several times.",
    };
    private readonly Option<bool> _ship = new("--ship-missing") { Description = "Ships what is missing." };
    private readonly Option<bool> _remove = new("--remove-doubled") { Description = "Deletes all but one of what is stored more than once." };

    public ReconcileCommand(Terminal terminal)
        : base("reconcile", "Compares every line of a journal with what is stored: missing, doubled, changed. Verify the journal first.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        _engine.AddTo(this);
        Options.Add(_hashes);
        Options.Add(_added);
        Options.Add(_ship);
        Options.Add(_remove);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = _directory.JournalDirectory(parsed);
        var asked = new ReconcileOptions { HashesOnly = parsed.GetValue(_hashes), ShipMissing = parsed.GetValue(_ship), RemoveDoubled = parsed.GetValue(_remove) };
        asked = asked with { AddedFields = [.. asked.AddedFields, .. parsed.GetValue(_added) ?? []] };
        using var engine = await _engine.AskAsync(parsed, cancellationToken);
        var agrees = true;
        foreach (var log in JournalDirectory.Named(directory))
        {
            agrees &= await RunAsync(engine, asked, directory, log, cancellationToken);
        }

        _terminal.Output.Flush();
        return agrees ? ExitCode.Sound : ExitCode.NotSound;
    }

    private async Task<bool> RunAsync(NamedEngine engine, ReconcileOptions asked, string directory, JournalLog log, CancellationToken cancellationToken)
    {
        var report = await new Reconciler(engine.Connection, engine.Options, engine.Target, asked).RunAsync(directory, log, cancellationToken: cancellationToken);
        Write(report);
        if (report.Repaired == 0)
        {
            return report.Agrees;
        }

        _terminal.WriteLine($"  repaired {report.Repaired}; compared again:");
        report = await new Reconciler(engine.Connection, engine.Options, engine.Target, asked with { ShipMissing = false, RemoveDoubled = false })
            .RunAsync(directory, log, cancellationToken: cancellationToken);
        Write(report);
        return report.Agrees;
    }

    private void Write(ReconcileReport report)
    {
        var verdict = report.Agrees ? "AGREES" : "DOES NOT AGREE";
        _terminal.WriteLine($"log {report.LogId}: {verdict}; {report.Once} of {report.Events} lines are stored exactly once with the journal's hash");
        var forked = report.Findings.Count(finding => finding.Kind == ReconcileFindingKind.Fork);
        if (forked > 0)
        {
            const string advice = "Find that copy, stop one of the two, and let it begin a journal of its own";
            _terminal.WriteLine($"  FORK: {forked} lines of another copy of this log are stored beside its own. {advice}");
        }

        if (report.Skipped > 0)
        {
            _terminal.WriteLine($"  {report.Skipped} lines are not in the journal any more (pruned or damaged) and were not compared");
        }

        foreach (var finding in report.Findings.Take(FindingsShown))
        {
            _terminal.WriteLine($"  {finding.Kind.ToString().ToLowerInvariant(),-22} line {finding.Sequence}: {finding.Detail}");
        }

        if (report.Findings.Count > FindingsShown)
        {
            _terminal.WriteLine($"  and {report.Findings.Count - FindingsShown} more");
        }
    }
}
