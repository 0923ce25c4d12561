namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>Which events are meant by a word that panels use.</summary>
internal static class Queries
{
    /// <summary>All but the signatures that a journal writes each second.</summary>
    public const string Events = "not event.action : \"journal.checkpoint\"";

    /// <summary>Attempts that failed. A lock is what follows from them, and a credential that is not valid was no attempt to sign in.</summary>
    public const string Failed = "event.action : (\"authn_login_fail\" or \"authn_login_fail_max\" or \"authn_external_login_fail\" or \"authn_mfa_fail\")";

    public const string SignedIn = "event.action : (\"authn_login_success\" or \"authn_login_successafterfail\")";

    public const string SignIns = "event.action : (\"authn_login_success\" or \"authn_login_successafterfail\" or \"authn_login_fail\" or "
        + "\"authn_login_fail_max\" or \"authn_external_login_fail\" or \"authn_mfa_fail\")";

    /// <summary>Keys, tokens and certificates that were not accepted, and what was spent or over.</summary>
    public const string Credentials = "event.action : (\"authn_credential_invalid\" or \"authn_token_reuse\" or \"session_use_after_expire\")";

    public const string Locked = "event.action : \"authn_login_lock\"";

    public const string Denied = "event.action : \"authz_fail\"";

    public const string Accounts = "event.category : \"iam\"";

    public const string Changes = "event.category : \"iam\" and security_audit.change.kind : *";

    /// <summary>What looks like an attack; neither what became of an alert nor what the audit tells of itself.</summary>
    public const string Attacks = "event.category : \"intrusion_detection\" and event.kind : \"event\" and not event.action : (\"alert_summary\" or "
        + "\"alert_resolved\" or \"audit_gap\" or \"audit_tampered\")";

    /// <summary>The raised ones: what became of an alert is an event of another kind, so that each attack counts once.</summary>
    public const string Alerts = "event.kind : \"alert\"";

    /// <summary>The raised ones and what became of them.</summary>
    public const string AlertStages = "security_audit.alert.id : *";

    public const string RateLimits = "event.action : \"excess_rate_limit_exceeded\"";

    public const string Exceptions = "event.action : \"app_exception\"";

    public const string Checkpoints = "event.action : \"journal.checkpoint\"";

    public const string OwnLines = "event.action : (\"journal.opened\" or \"journal.checkpoint\" or \"journal.recovered\" or \"journal.gap\" or "
        + "\"journal.closed\" or \"journal.pruned\" or \"journal.key_changed\" or \"journal.copied\")";

    /// <summary>Where the audit itself is not whole.</summary>
    public const string Troubles = "event.action : (\"journal.gap\" or \"journal.recovered\" or \"journal.copied\" or \"audit_tampered\" or \"audit_gap\" or "
        + "\"audit_hook_failed\" or \"audit_reconciliation\" or \"audit_clock_stepped\" or \"audit_journal_trouble\" or \"audit_alert_undelivered\" or "
        + "\"audit_shipping_stalled\" or \"audit_shipping_refused\" or \"audit_shipping_doubtful\" or "
        + "\"audit_shipping_gap\" or \"sys_monitor_disabled\") or security_audit.redaction : * or security_audit.enrichment : *";

    public const string Refused = "security_audit.shipping.envelope : true";
}
