namespace SecurityAudit;

/// <summary>
/// Marks an MVC action, a Razor page, a minimal API's handler (a lambda, too), a method of a hub or of a gRPC service, or an endpoint whose
/// every call is an audit event of that name.
/// </summary>
/// <param name="action">The event's <c>event.action</c>, e.g. <c>invoice.approve</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public class AuditAttribute(string action) : Attribute
{
    /// <summary>The event's <c>event.action</c>.</summary>
    public string Action { get; } = action;

    /// <summary>The arguments whose values are recorded, by name, as attributes of the event; none unless named.</summary>
    /// <remarks>
    /// Of a minimal API's handler that is marked itself they are recorded as the client sent them; what comes in the body, by its type alone.
    /// Of a gRPC service's method none is recorded: what it takes is one message.
    /// </remarks>
    public string[] Arguments { get; init; } = [];

    /// <summary>The event of one call, before it is known who made it and with what.</summary>
    internal virtual SecurityEvent ToEvent(EventOutcome outcome) => SecurityEvents.Activity(Action, outcome);
}
