using System.CommandLine;
using System.Globalization;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;
using SecurityAudit.Tool.Commands;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// <c>elasticsearch ship DIR</c>: ships a journal by hand, from where shipping stood. Exit code 0 all is settled, 2 it could not be.
/// </summary>
internal sealed class ShipCommand : Command
{
    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly EngineOptions _engine = new();
    private readonly Option<int> _patience = new("--give-up-after")
    {
        Description = "So many seconds without progress end the command; the next one goes on from there.",
        DefaultValueFactory = _ => 300,
    };

    public ShipCommand(Terminal terminal)
        : base("ship", "Ships a journal that no application ships: an archived one, or that of an application without shipping.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        _engine.AddTo(this);
        Options.Add(_patience);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = _directory.JournalDirectory(parsed);
        var patience = TimeSpan.FromSeconds(parsed.GetRequiredValue(_patience));
        using var engine = await _engine.AskAsync(parsed, cancellationToken);
        foreach (var log in JournalDirectory.Named(directory))
        {
            var record = await ByteProgress.RunAsync(
                _terminal, $"shipping {log.Id}", progress => ShipAsync(engine, directory, log, patience, progress, cancellationToken));
            _terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"log {log.Id}: lines up to {record.Next - 1} are "
                + $"settled{(record.DeadLetters > 0 ? $"; {record.DeadLetters} were refused: 'elasticsearch status' lists them" : "")}"));
        }

        _terminal.Output.Flush();
        return ExitCode.Sound;
    }

    private async Task<ShippingRecord> ShipAsync(
        NamedEngine engine, string directory, JournalLog log, TimeSpan patience, IProgress<VerificationProgress>? progress, CancellationToken cancellationToken)
    {
        var files = new ShippingFiles(directory, log.Id);
        using var held = files.TryLock()
            ?? throw new IOException(
                $"Log {log.Id} is being shipped by another process, the application perhaps: expected a journal that nobody ships. "
                + "Stop the other, or let it ship.");
        var shipper = new LogShippers(engine.Connection, engine.Options, engine.Target, notify: notice => _terminal.WriteError(notice.Message)).Of(files);
        using var reader = new JournalReader(log.Directory, shipper.Record.Bookmark);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        var lengths = log.Segments.Select(segment => new FileInfo(segment.Path).Length).ToList();
        try
        {
            await shipper.ToEndAsync(reader.TryRead, Advance, waiting.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"No progress for {patience.TotalSeconds:0} s: {shipper.Record.LastAnswer} Lines up to {shipper.Record.Next - 1} are settled; "
                + "the next 'ship' goes on from there.",
                e);
        }

        return shipper.Record;

        void Advance(ShippingRecord record)
        {
            waiting.CancelAfter(patience);
            if (record.Bookmark is not { } at)
            {
                return;
            }

            var before = log.Segments.TakeWhile(segment => segment.Name != at.Segment).Count();
            progress?.Report(new VerificationProgress(lengths.Take(before).Sum() + at.Offset, lengths.Sum()));
        }
    }
}
