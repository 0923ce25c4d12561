using System.CommandLine;
using System.Globalization;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Alerts;

/// <summary><c>alerts test</c>: one marked alert through each configured channel. Exit code 0: each took it.</summary>
internal sealed class TestAlertCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Option<string> _config = new("--config")
    {
        Description = "The folder with the application's appsettings.json, or that file; environment variables count, too.",
        DefaultValueFactory = _ => ".",
    };
    private readonly Option<string> _environment = new("--environment")
    {
        Description = "Whose appsettings.ENVIRONMENT.json counts.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } set ? set : "Production",
    };
    private readonly Option<string?> _channel = new("--channel") { Description = "Only the channel of this name." };

    public TestAlertCommand(Terminal terminal)
        : base("test", "Sends one test alert, marked as such, through each channel that the application's configuration names, and says what became of it.")
    {
        _terminal = terminal;
        Options.Add(_config);
        Options.Add(_environment);
        Options.Add(_channel);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var channels = ConfiguredChannels.Read(parsed.GetRequiredValue(_config), parsed.GetRequiredValue(_environment));
        var wanted = parsed.GetValue(_channel);
        var sinks = channels.Sinks.Where(sink => wanted is null || sink.Name == wanted).ToList();
        if (sinks.Count == 0)
        {
            throw new FormatException(
                $"The configuration names no {(wanted is null ? "channel" : $"channel '{wanted}'")}, expected SecurityAudit:Alerts:Webhooks or SecurityAudit:Alerts:Email. "
                + "Channels that the application adds in code cannot be tried from here.");
        }

        var delivery = Test();
        var failed = 0;
        foreach (var sink in sinks)
        {
            var problem = await TryAsync(sink, delivery, channels.Timeout, cancellationToken);
            failed += problem is null ? 0 : 1;
            _terminal.Output.WriteLine(VisibleText.Of(problem is null ? $"delivered  {sink.Name}" : $"FAILED     {sink.Name}: {problem}"));
            (sink as IDisposable)?.Dispose();
        }

        return failed == 0 ? ExitCode.Sound : ExitCode.NotSound;
    }

    private static async Task<string?> TryAsync(IAlertSink sink, AlertDelivery delivery, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await sink.DeliverAsync(delivery, limit.Token);
            return null;
        }
        catch (AlertDeliveryException failure)
        {
            return failure.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"No answer within {timeout}.");
        }
    }

    private static AlertDelivery Test()
    {
        var now = DateTimeOffset.UtcNow;
        var id = $"test-{Guid.CreateVersion7(now)}";
        return new AlertDelivery
        {
            Id = id,
            IsTest = true,
            Alert = new AlertNotification
            {
                Id = id,
                RuleId = "test",
                RuleName = "Test of the alert channel",
                Severity = EventSeverity.Low,
                Sentence = "This is a test of 'security-audit alerts test': nothing has happened.",
                Advice = "Nothing. That you read this is what was to be shown.",
                HostName = Environment.MachineName,
                Timestamp = now,
            },
        };
    }
}
