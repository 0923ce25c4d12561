namespace SecurityAudit;

/// <summary>
/// Marks an MVC action, a Razor page, a minimal API's handler or an endpoint whose every call reads or changes sensitive data: an event
/// <c>sensitive_read</c>, <c>sensitive_create</c>, <c>sensitive_update</c> or <c>sensitive_delete</c>, as failed where the call fails.
/// </summary>
/// <remarks>In the place of <see cref="AuditAttribute"/>, not beside it: of two on one endpoint the last one counts.</remarks>
/// <param name="access">What is done with the data.</param>
/// <param name="subject">What data it is, e.g. <c>patient</c>; which of them, name in <see cref="AuditAttribute.Arguments"/>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public sealed class AuditSensitiveAttribute(SensitiveAccess access, string subject) : AuditAttribute(Factory(access)(subject).Action)
{
    /// <summary>What is done with the data.</summary>
    public SensitiveAccess Access { get; } = access;

    /// <summary>What data it is.</summary>
    public string Subject { get; } = subject;

    internal override SecurityEvent ToEvent(EventOutcome outcome) => Factory(Access)(Subject) with { Outcome = outcome };

    private static Func<string, SecurityEvent> Factory(SensitiveAccess access) => access switch
    {
        SensitiveAccess.Create => SecurityEvents.SensitiveCreate,
        SensitiveAccess.Update => SecurityEvents.SensitiveUpdate,
        SensitiveAccess.Delete => SecurityEvents.SensitiveDelete,
        _ => SecurityEvents.SensitiveRead,
    };
}
