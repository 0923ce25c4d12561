using System.CommandLine;
using System.Security.Cryptography;
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
        new ProveCommand(terminal),
        new ConsistencyCommand(terminal),
        new CheckCommand(terminal),
        new KeygenCommand(terminal),
        new ElasticsearchCommand(terminal),
    };

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                terminal.WriteError(error.Message);
            var command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            terminal.WriteError($"'security-audit {command}--help' tells what it takes.");
            return ExitCode.CannotRead;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = terminal.Output, Error = terminal.Error },
                cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException or CryptographicException)
        {
            terminal.WriteError(e.Message);
            return ExitCode.CannotRead;
        }
    }
}
