using Microsoft.Extensions.ObjectPool;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>
/// The properties of one event, which Serilog takes as they are, and what the journal answered: Serilog's pipeline returns nothing.
/// </summary>
internal sealed class SerilogProperties() : Dictionary<string, LogEventPropertyValue>(Usual, StringComparer.Ordinal), IResettable
{
    private const int Usual = 40;

    /// <summary>Whether the journal took the event.</summary>
    public bool Taken { get; set; }

    bool IResettable.TryReset()
    {
        Clear();
        Taken = false;
        return true;
    }
}
