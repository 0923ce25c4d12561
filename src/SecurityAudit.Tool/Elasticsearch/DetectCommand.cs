using System.CommandLine;
using System.Globalization;
using SecurityAudit.Elasticsearch.AcrossNodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Events;
using SecurityAudit.Tool.Rules;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// <c>detect</c>: the rules over the events of all nodes in Elasticsearch or OpenSearch. Exit code 0 nothing was found, 1 an attack was
/// told.
/// </summary>
internal sealed class DetectCommand : Command
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(1);

    /// <summary>A run that ends waits so long for its alerts to be delivered.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Terminal _terminal;
    private readonly EngineOptions _engine = new();
    private readonly RuleOptions _rules = new();
    private readonly Option<string> _journal = new("--journal")
    {
        Description = "The directory of a journal of its own, made when it is not there: what is found is recorded in it, and so told once.",
        Required = true,
    };
    private readonly Option<DateTimeOffset?> _from = EventOptions.InstantOption(
        "--from", "Attacks from this time on: 2026-11-24, 2026-11-24T04:30, or 30m, 2h, 7d ago. Since it last ran when it is not said, a day the first time.");
    private readonly Option<DateTimeOffset?> _to = EventOptions.InstantOption("--to", "Up to this time; now when it is not said.");
    private readonly Option<bool> _watch = new("--watch") { Description = "Goes on until it is interrupted; an engine that does not answer is asked again." };
    private readonly Option<int> _interval = new("--interval") { Description = "With --watch: so many seconds between two looks.", DefaultValueFactory = _ => 15 };
    private readonly Option<int> _delay = new("--delay")
    {
        Description = "With --watch: an event is looked at so many seconds after it happened, when every node has shipped its own.",
        DefaultValueFactory = _ => 10,
    };

    public DetectCommand(Terminal terminal)
        : base("detect", "Judges the events of all nodes by the rules, in Elasticsearch or OpenSearch; records and delivers what no node has told.")
    {
        _terminal = terminal;
        _engine.AddTo(this);
        _rules.AddTo(this);
        foreach (var option in new Option[] { _journal, _from, _to, _watch, _interval, _delay })
        {
            Options.Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_watch) && parsed.GetValue(_to) is not null)
        {
            throw new FormatException("--watch goes on for ever and --to ends, expected one of them.");
        }

        if (parsed.GetValue(_interval) < 1 || parsed.GetValue(_delay) < 0)
        {
            throw new FormatException("--interval and --delay are seconds, expected 1 or more, and 0 or more.");
        }

        var options = _engine.Read(parsed);
        var (directory, configuration, lists) = (parsed.GetRequiredValue(_journal), _rules.Configuration(parsed), _rules.Lists(parsed));
        var told = ToldAttacks.In(directory);
        using var connection = new ElasticsearchConnection(options);
        var target = parsed.GetValue(_watch)
            ? await RetryAsync(parsed, () => BulkTarget.FindAsync(connection, options, cancellationToken), cancellationToken)
            : await BulkTarget.FindAsync(connection, options, cancellationToken);
        using var log = new TerminalLog(_terminal);
        await using var host = await DetectionHost.StartAsync(directory, configuration, _rules.ContentRoot(parsed), log, cancellationToken);
        told.AddLog(host.Journal.Id);
        var settings = host.Settings(lists) with { Failed = (rule, failure) => _terminal.WriteError($"The rule {rule} failed and is left out for an event: {failure.Message}") };
        var from = parsed.GetValue(_from) ?? (told.LastWritten is { } last ? last - settings.Late : DateTimeOffset.UtcNow - FirstLook);
        var detection = new CrossNodeDetection(connection, target, settings, told, host.Record, from);
        if (!parsed.GetValue(_watch))
        {
            var found = Write(await detection.PassAsync(parsed.GetValue(_to) ?? DateTimeOffset.UtcNow, TimeSpan.Zero, cancellationToken));
            if (found && !await host.DeliveredAsync(Patience, cancellationToken))
            {
                _terminal.WriteError(
                    $"Not every channel has taken the alerts within {Patience.TotalSeconds:0} s: the next run with this journal goes on. "
                    + $"'security-audit alerts list {directory}' shows what was delivered where.");
            }

            _terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{detection.Judged} events of {target.Search} were judged by {settings.Rules.Length} rules"));
            return found ? ExitCode.NotSound : ExitCode.Sound;
        }

        while (true)
        {
            var delay = TimeSpan.FromSeconds(parsed.GetValue(_delay));
            Write(await RetryAsync(parsed, () => detection.PassAsync(DateTimeOffset.UtcNow - delay, delay, cancellationToken), cancellationToken));
            await PauseAsync(parsed, cancellationToken);
        }
    }

    /// <summary>An engine that is down comes back: what it says is written once each time that it changes.</summary>
    private async Task<T> RetryAsync<T>(ParseResult parsed, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        for (string? said = null; ;)
        {
            try
            {
                var done = await work();
                if (said is not null)
                {
                    _terminal.WriteError("The engine answers again.");
                }

                return done;
            }
            catch (IOException failure)
            {
                if (failure.Message != said)
                {
                    _terminal.WriteError($"{failure.Message} It is asked again.");
                }

                said = failure.Message;
            }

            await PauseAsync(parsed, cancellationToken);
        }
    }

    private async Task PauseAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_terminal.IsReaderGone)
        {
            throw new OutputClosedException();
        }

        await Task.Delay(TimeSpan.FromSeconds(parsed.GetValue(_interval)), cancellationToken);
    }

    private bool Write(IReadOnlyList<(SecurityEvent Alert, bool IsTrial)> found)
    {
        foreach (var (alert, isTrial) in found)
        {
            var at = alert["event.end"] is DateTimeOffset end ? end : DateTimeOffset.UtcNow;
            _terminal.Output.WriteLine(VisibleText.Of(string.Create(
                CultureInfo.InvariantCulture,
                $"{at:yyyy-MM-dd'T'HH:mm:ss'Z'}  {alert.Severity.ToString().ToLowerInvariant(),-8}  {alert["rule.id"]}  {(isTrial ? "(on trial) " : "")}{alert.Message}")));
        }

        _terminal.Output.Flush();
        return found.Any(alert => !alert.IsTrial);
    }
}
