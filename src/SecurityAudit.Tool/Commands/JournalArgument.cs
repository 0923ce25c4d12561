using System.CommandLine;

namespace SecurityAudit.Tool.Commands;

/// <summary>The journal directory that a command reads. A missing or an unreadable one is told before anything else.</summary>
internal sealed class JournalArgument : Argument<string>
{
    public JournalArgument() : base("DIR") => Description = "The journal's directory, 'audit' in the application's content root unless configured.";

    public string Directory(ParseResult parsed)
    {
        var directory = parsed.GetRequiredValue(this);
        if (File.Exists(directory))
        {
            throw new IOException($"'{directory}' is a file, expected a journal directory. Name the directory that it is in.");
        }

        if (!System.IO.Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"There is no directory '{directory}'. An application's journal is in 'audit' under its content root unless "
                + "SecurityAudit:Journal:Directory says otherwise.");
        }

        return directory;
    }

    /// <summary>A directory that must hold a log already.</summary>
    public string JournalDirectory(ParseResult parsed)
    {
        var directory = Directory(parsed);
        return Journal.JournalDirectory.Logs(directory).Count > 0
            ? directory
            : throw new IOException(
                $"'{directory}' holds no journal: expected files such as 00000000000000000000.jsonl. "
                + "Name the directory that the application writes to (SecurityAudit:Journal:Directory).");
    }
}
