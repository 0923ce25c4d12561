using SecurityAudit.Journal;
using Spectre.Console;

namespace SecurityAudit.Tool.Terminals;

/// <summary>A progress bar on standard error while a journal is read, for a person alone and only where it takes a while.</summary>
internal sealed class ByteProgress(ProgressTask task) : IProgress<VerificationProgress>
{
    private const long WorthShowing = 32 * 1024 * 1024;

    public static T Run<T>(Terminal terminal, string what, Func<IProgress<VerificationProgress>?, T> work)
    {
        if (!terminal.ErrorIsTerminal)
            return work(null);
        return terminal.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(what, new ProgressTaskSettings { AutoStart = false, MaxValue = 1 });
                return work(new ByteProgress(task));
            });
    }

    public void Report(VerificationProgress value)
    {
        if (value.TotalBytes < WorthShowing)
            return;
        if (!task.IsStarted)
            task.StartTask();
        task.MaxValue = value.TotalBytes;
        task.Value = value.Bytes;
    }
}
