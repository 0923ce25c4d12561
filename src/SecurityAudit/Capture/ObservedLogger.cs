using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture;

/// <summary>Writes what it is given into the application's log, and tells of exceptions. What fails in that is in the same log.</summary>
internal sealed partial class ObservedLogger(ILogger inner, ObservedLog observed) : ILogger
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
            Failures.NotRecorded(inner, failure);
        }
    }

    private static partial class Failures
    {
        [LoggerMessage(1, LogLevel.Error, "An exception that was logged could not be recorded as a security event; the application went on.")]
        public static partial void NotRecorded(ILogger logger, Exception failure);
    }
}
