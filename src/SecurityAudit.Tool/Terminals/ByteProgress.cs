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
        {
            return work(null);
        }

        return Bar(terminal).Start(context => work(new ByteProgress(NewTask(context, what))));
    }

    public static Task<T> RunAsync<T>(Terminal terminal, string what, Func<IProgress<VerificationProgress>?, Task<T>> work)
    {
        if (!terminal.ErrorIsTerminal)
        {
            return work(null);
        }

        return Bar(terminal).StartAsync(context => work(new ByteProgress(NewTask(context, what))));
    }

    private static Progress Bar(Terminal terminal) => terminal.ErrorConsole.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn());

    private static ProgressTask NewTask(ProgressContext context, string what) => context.AddTask(what, new ProgressTaskSettings { AutoStart = false, MaxValue = 1 });

    public void Report(VerificationProgress value)
    {
        if (value.TotalBytes < WorthShowing)
        {
            return;
        }

        if (!task.IsStarted)
        {
            task.StartTask();
        }

        task.MaxValue = value.TotalBytes;
        task.Value = value.Bytes;
    }
}
