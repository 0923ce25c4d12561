using Microsoft.Extensions.Logging;

namespace SecurityAudit.Capture;

/// <summary>
/// A log of the framework in which exceptions end that it lets reach nobody else. Register it as a singleton with <see
/// cref="ObservedLoggerFactory.Observe{TLog}"/>. Made together with the logger factory: what it needs beyond the constructor of <see
/// cref="IServiceProvider"/> it asks for when something is logged.
/// </summary>
internal abstract class ObservedLog
{
    /// <summary>The logs' exact names.</summary>
    public abstract IReadOnlyList<string> Categories { get; }

    /// <summary>The lowest level that is looked at, whatever the application's filters are.</summary>
    public virtual LogLevel Least => LogLevel.Error;

    /// <summary>An exception was logged at that level or above. May throw: that reaches nobody.</summary>
    /// <param name="id">The event's number and name.</param>
    /// <param name="values">The values of its message by their names.</param>
    /// <param name="exception">What was thrown.</param>
    public abstract void Logged(EventId id, IReadOnlyList<KeyValuePair<string, object?>> values, Exception exception);

    /// <summary>The value of that name, or null.</summary>
    protected static object? ValueOf(IReadOnlyList<KeyValuePair<string, object?>> values, string name)
    {
        foreach (var (key, value) in values)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
