namespace SecurityAudit.Shipping;

/// <summary>Something about shipping that belongs into the journal itself, where an auditor finds it.</summary>
/// <param name="Action">The event's name, <c>audit_shipping_…</c> or <c>audit_tampered</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What happened.</param>
internal sealed record ShippingAlarm(string Action, ShippingSeverity Severity, string Message);

internal enum ShippingSeverity
{
    Low,
    Medium,
    High,
    Critical,
}
