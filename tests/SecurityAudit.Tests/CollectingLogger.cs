using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectingLogger : ILogger, ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _said = new();

    public IEnumerable<string> Said => _said.Select(said => said.Text);

    public IEnumerable<string> Critical => _said.Where(said => said.Level == LogLevel.Critical).Select(said => said.Text);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _said.Enqueue((logLevel, formatter(state, exception)));

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }
}
