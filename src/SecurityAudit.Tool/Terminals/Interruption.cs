using System.Runtime.InteropServices;

namespace SecurityAudit.Tool.Terminals;

/// <summary>
/// Ends a command when its process is told to end: what it has written so far is flushed. A command that has not ended two seconds later is
/// left behind, and a second signal ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    public Interruption()
    {
        foreach (var (signal, number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1) })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = TryStop(128 + number)));
        }
    }

    /// <summary>Runs a command; its exit code is the signal's when one ended it.</summary>
    public async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        var running = Task.Run(() => command(_stop.Token));
        var ended = await Task.WhenAny(running, AbandonedAsync());
        if (ended != running)
        {
            return _exitCode;
        }

        var exitCode = await running;
        return exitCode == ExitCode.Interrupted ? _exitCode : exitCode;
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private async Task AbandonedAsync()
    {
        await _given.Task;
        await Task.Delay(Grace);
    }

    private bool TryStop(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            return false;
        }

        _stop.Cancel();
        return _given.TrySetResult();
    }
}
