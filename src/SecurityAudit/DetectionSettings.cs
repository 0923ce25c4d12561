namespace SecurityAudit;

/// <summary>The section <c>SecurityAudit:Detection</c>.</summary>
public sealed class DetectionSettings
{
    /// <summary>False switches detection off, which is an event itself: <c>sys_monitor_disabled</c>.</summary>
    public bool Enabled { get; set; } = true;
}
