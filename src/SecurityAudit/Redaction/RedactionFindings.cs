namespace SecurityAudit.Redaction;

/// <summary>What redaction found on its way through one event.</summary>
internal sealed class RedactionFindings
{
    /// <summary>Something could not be redacted and was left out.</summary>
    public bool Failed { get; set; }

    /// <summary>The names of what was cut or left out because it is too much.</summary>
    public List<string> Truncated { get; } = [];
}
