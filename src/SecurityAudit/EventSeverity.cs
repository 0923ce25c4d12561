namespace SecurityAudit;

/// <summary>How bad an event is, with the numbers that Elastic Security uses for its risk bands in <c>event.severity</c>.</summary>
public enum EventSeverity
{
    /// <summary>21: routine. Serilog <c>Information</c>.</summary>
    Low = 21,

    /// <summary>47: worth counting. Serilog <c>Warning</c>.</summary>
    Medium = 47,

    /// <summary>73: worth a look today. Serilog <c>Error</c>.</summary>
    High = 73,

    /// <summary>99: worth waking somebody. Serilog <c>Fatal</c>; the journal signs a checkpoint at once.</summary>
    Critical = 99,
}
