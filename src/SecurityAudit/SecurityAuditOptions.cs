using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SecurityAudit;

/// <summary>
/// The options of the configuration section <c>SecurityAudit</c>; validated when the host starts, every fault in one message.
/// </summary>
public sealed class SecurityAuditOptions
{
    /// <summary>Where the journal stands and how it behaves.</summary>
    public AuditJournalOptions Journal { get; } = new();

    /// <summary>What detection watches for.</summary>
    public DetectionSettings Detection { get; } = new();

    /// <summary>What is done about alerts. Default: nothing.</summary>
    public ResponseOptions Response { get; } = new();

    /// <summary>How alerts are delivered.</summary>
    public AlertOptions Alerts { get; } = new();

    /// <summary>ECS <c>service.name</c>; null: the application's name.</summary>
    public string? ServiceName { get; set; }

    /// <summary>ECS <c>service.version</c>; null: the entry assembly's informational version.</summary>
    public string? ServiceVersion { get; set; }

    /// <summary>The longest string that is recorded whole, in characters, 64 to 8,192; longer ones are cut with a visible marker.</summary>
    public int MaxValueLength { get; set; } = 1024;

    /// <summary>
    /// Further names, beside the built-in ones (password, token, secret, …), whose values are never recorded; matched as parts, case
    /// ignored. They hold for whatever has a name: attributes, arguments, further fields, claims, route values, what was changed from what
    /// to what.
    /// </summary>
    public IList<string> SensitiveNames { get; } = [];

    /// <summary>
    /// Gaps that the owner knows and accepts: parts of the application as <c>audit_coverage</c> names them (<c>form:POST /webhook</c>), each
    /// with the reason that an auditor reads. Such a part no longer fails the coverage and its health check, and stands in both, in the
    /// event and in <c>security-audit inventory</c>, as accepted.
    /// </summary>
    /// <remarks>
    /// A name that is no gap of the application is said, in the log and in the event. Empty reasons, and hooks (<c>hook:sessions</c>), are
    /// faults of the options: without a hook a whole kind of event is lost. In JSON an object: <c>"AcceptedGaps": { "form:POST /webhook":
    /// "signed by the sender" }</c>. Case counts.
    /// </remarks>
    /// <value>Names and reasons. Default: none.</value>
    public IDictionary<string, string> AcceptedGaps { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// What of exceptions' messages is recorded: their constant text alone by default, for values of any kind stand in them.
    /// </summary>
    public ExceptionMessages ExceptionMessages { get; set; } = ExceptionMessages.Constant;

    /// <summary>
    /// What the library's health checks report while events are not recorded or not shipped. The default, Degraded, is answered with 200 by
    /// <c>MapHealthChecks</c>: a liveness probe then kills nobody over a full disk. All of them have the tag <c>security-audit</c>.
    /// </summary>
    public HealthStatus HealthOnFailure { get; set; } = HealthStatus.Degraded;

    /// <summary>
    /// A last look at every string that is recorded: gets the field's name and its value, returns what to record, or null to leave it out.
    /// </summary>
    /// <remarks>
    /// It runs after the built-in redaction. If it throws, the field is left out and the event says so: <c>security_audit.redaction:
    /// failed</c>.
    /// </remarks>
    public Func<string, string, string?>? Redact { get; set; }
}
