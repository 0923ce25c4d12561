using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tool.Terminals;

/// <summary>What the library warns of, on standard error.</summary>
internal sealed class TerminalLog(Terminal terminal) : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        lock (_lock)
        {
            terminal.WriteError(formatter(state, exception));
        }
    }

    public void Dispose()
    {
    }
}
