using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using SecurityAudit.Tool.Alerts;
using SecurityAudit.Tool.Commands;
using SecurityAudit.Tool.Elasticsearch;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool;

/// <summary>
/// The commands of <c>security-audit</c>, one class each, and what they have in common: whatever cannot be read or understood ends with one
/// message on standard error and exit code 2.
/// </summary>
internal sealed class AuditCommandLine(Terminal terminal)
{
    private readonly RootCommand _root = new("Verifies, shows, follows and ships the journals that SecurityAudit writes.")
    {
        new VerifyCommand(terminal),
        new ShowCommand(terminal),
        new FollowCommand(terminal),
        new InventoryCommand(terminal),
        new ProveCommand(terminal),
        new ConsistencyCommand(terminal),
        new VerifyProofCommand(terminal),
        new KeygenCommand(terminal),
        new AlertsCommand(terminal),
        new ElasticsearchCommand(terminal),
        new DetectCommand(terminal),
        new Rules.RulesCommand(terminal),
    };

    // The help's columns need some room: with less, the library fails or never ends. The terminal breaks its lines then.
    private const int NarrowestHelp = 60;

    /// <summary>Runs a command to its end. However it ends, what it wrote has been handed on when this returns.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        try
        {
            if (_root.Options.OfType<HelpOption>().Single().Action is HelpAction help)
            {
                help.MaxWidth = Math.Max(NarrowestHelp, terminal.Console.Profile.Width);
            }

            var exitCode = await InvokeAsync(_root.Parse(args), cancellationToken);
            terminal.Output.Flush();
            return exitCode;
        }
        catch (OutputClosedException)
        {
            return ExitCode.OutputClosed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return terminal.TryFlush() ? ExitCode.Interrupted : ExitCode.CannotRead;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException or CryptographicException)
        {
            terminal.WriteError(e.Message);
            return ExitCode.CannotRead;
        }
        catch (Exception e)
        {
            terminal.WriteError($"This is a fault of security-audit itself, expected none. Please report it with these lines: {e}");
            return ExitCode.CannotRead;
        }
    }

    private async Task<int> InvokeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.WriteError(error.Message);
            }

            terminal.WriteError($"'security-audit {PathTo(parsed.CommandResult)}--help' tells what it takes.");
            return ExitCode.CannotRead;
        }

        // Signals are heard by whoever runs this: the library's own handling starts after a command that does not wait, and so too late.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Output, Error = terminal.Error },
            cancellationToken);
    }

    private static string PathTo(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathTo(parent)}{command.Command.Name} " : "";
}
