using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture;

/// <summary>Writes what it is given into the application's log, and tells of exceptions.</summary>
internal sealed class ObservedLogger(ILogger inner, ObservedLog observed, IServiceProvider services) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel) || (logLevel >= observed.Least && logLevel != LogLevel.None);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (inner.IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }

        if (exception is null or JournalUnavailableException || logLevel < observed.Least)
        {
            return;
        }

        try
        {
            observed.Logged(eventId, state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], exception);
        }
        catch (Exception failure)
        {
            NotRecorded(failure);
        }
    }

    // Resolved late: the loggers are there before what writes to them.
    private void NotRecorded(Exception failure)
    {
        try
        {
            services.GetRequiredService<HookFailures>().Failed(observed, failure);
        }
        catch (Exception)
        {
            // The application is not made yet, or has stopped: there is nobody to tell, and whoever logs is not kept from it.
        }
    }
}
