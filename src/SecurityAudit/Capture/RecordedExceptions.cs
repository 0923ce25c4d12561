using System.Runtime.CompilerServices;

namespace SecurityAudit.Capture;

/// <summary>The exceptions that are recorded already, whichever door they were seen at. Safe for any thread; keeps none alive.</summary>
internal sealed class RecordedExceptions
{
    private readonly ConditionalWeakTable<Exception, object> _recorded = [];

    /// <summary>True the first time that this very exception is to be recorded.</summary>
    public bool First(Exception exception) => _recorded.TryAdd(exception, _recorded);
}
