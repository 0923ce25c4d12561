using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>
/// Watches the application's background services: an exception that ends one stops the host, or is lost but for a line in the log. What is
/// not a <see cref="BackgroundService"/> has nothing to watch. Each end is recorded once; the stop of the host is none.
/// </summary>
internal sealed class BackgroundServices(
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    IOptions<HostOptions> options,
    SecurityRecorder recorder,
    ExceptionEvent exceptions,
    HookFailures failures) : IHostedLifecycleService, IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<BackgroundService> _ended = [];
    private BackgroundService[] _watched = [];
    private CancellationTokenRegistration _stopping;
    private bool _isStopping;

    /// <summary>One that fails at once may stop the host before all have started.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _watched = [.. services.GetServices<IHostedService>().OfType<BackgroundService>()];
        _stopping = lifetime.ApplicationStopping.Register(LookAtAll);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _watched)
        {
            _ = service.ExecuteTask?.ContinueWith(
                _ => Look(service), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        // What ended before is why the host stops; what ends from now on ends because it does.
        LookAtAll();
        lock (_lock)
        {
            _isStopping = true;
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LookAtAll();
        return Task.CompletedTask;
    }

    public void Dispose() => _stopping.Dispose();

    private void LookAtAll() => Array.ForEach(_watched, Look);

    private void Look(BackgroundService service)
    {
        try
        {
            Tell(service);
        }
        catch (Exception failure)
        {
            failures.Failed(this, failure);
        }
    }

    private void Tell(BackgroundService service)
    {
        if (service.ExecuteTask is not { IsCompleted: true, IsCompletedSuccessfully: false } ended)
        {
            return;
        }

        bool isCrash;
        var exception = ExceptionOf(ended);
        lock (_lock)
        {
            if (IsOfStop(exception) || !_ended.Add(service))
            {
                return;
            }

            isCrash = !_isStopping && options.Value.BackgroundServiceExceptionBehavior == BackgroundServiceExceptionBehavior.StopHost;
        }

        recorder.TryRecord(exceptions.Of(service.GetType(), exception, isCrash));
    }

    /// <summary>Cancelled because the host stops: no fault. A time limit of its own that ends a service is one.</summary>
    private bool IsOfStop(Exception exception) =>
        exception is OperationCanceledException cancelled && (_isStopping || cancelled.CancellationToken == lifetime.ApplicationStopping);

    private static Exception ExceptionOf(Task ended)
    {
        try
        {
            ended.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            return exception;
        }

        throw new InvalidOperationException("A task that did not succeed threw nothing.");
    }
}
