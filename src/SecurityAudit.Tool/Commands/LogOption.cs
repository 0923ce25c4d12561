using System.CommandLine;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Commands;

/// <summary>Which of several logs in one journal: they have their own sequence numbers and checkpoints.</summary>
internal sealed class LogOption : Option<string?>
{
    public LogOption() : base("--log") => Description = "The id of the log, when the journal has several ('verify' lists them).";

    public JournalLog Choose(ParseResult parsed, string directory)
    {
        var logs = JournalDirectory.Logs(directory);
        var ids = string.Join(", ", logs.Select(log => log.Id));
        if (parsed.GetValue(this) is { } id)
        {
            return logs.FirstOrDefault(log => log.Id == id) ?? throw new IOException($"'{directory}' has no log '{id}', expected one of {ids}.");
        }

        return logs is [var only] ? only : throw new IOException($"'{directory}' has {logs.Count} logs, expected --log with one of {ids}.");
    }
}
