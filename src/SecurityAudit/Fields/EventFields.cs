using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>
/// The fields that events have, each said once: events, the engines' mapping, the dashboards and the table in FIELDS.md are made of these.
/// </summary>
internal static class EventFields
{
    private const string OfEvents = "every event";
    private const string InRequest = "within a request";
    private const string InCalls = "calls of hubs and of gRPC services";
    private const string InAlert = "alerts";
    private const string SignIns = "sign-ins and sessions";
    private const string Changes = "changes of accounts, roles and permissions, of where a session is used from";

    private static readonly FieldList List = new(ReadFields.All);

    /// <summary>Those of the journal and these.</summary>
    public static FieldList All => List;

    public static Field<DateTimeOffset> Timestamp => JournalFields.Timestamp;

    public static Field<string> Action => JournalFields.Action;

    public static Field<string> Kind => JournalFields.Kind;

    public static Field<ImmutableArray<string>> Category => JournalFields.Category;

    public static Field<ImmutableArray<string>> Type => JournalFields.Type;

    public static Field<string> Provider => JournalFields.Provider;

    public static Field<string> EcsVersion => JournalFields.EcsVersion;

    public static Field<string> Message => JournalFields.Message;

    public static Field<string> ErrorMessage => JournalFields.ErrorMessage;

    public static Field<string> Outcome => ReadFields.Outcome;

    public static Field<int> Severity => ReadFields.Severity;

    public static Field<string> Id { get; } = List.Ecs<string>("event.id", "The event's own id, a UUIDv7.", OfEvents);

    public static Field<string> Reason => ReadFields.Reason;

    public static Field<string> OwaspLevel { get; } =
        List.Own<string>(
            "security_audit.owasp.level",
            "The level that the OWASP Logging Vocabulary gives the event.",
            "events of that vocabulary, but where somebody not signed in is asked to sign in");

    public static Field<string> ServiceName { get; } = List.Ecs<string>("service.name", "The application.", OfEvents);

    public static Field<string> ServiceVersion { get; } = List.Ecs<string>("service.version", "The application's version.", "where it has one");

    public static Field<string> ServiceEnvironment { get; } = List.Ecs<string>("service.environment", "The host's environment, `Production` say.", OfEvents);

    public static Field<string> HostName { get; } = List.Ecs<string>("host.name", "The machine.", OfEvents);

    public static Field<string> HostId { get; } =
        List.Ecs<string>("host.id", "The machine's own id, as Elastic's agents write it.", "where the machine has one");

    public static Field<string> Module { get; } = List.Ecs<string>("event.module", "`securityaudit`.", OfEvents);

    public static Field<string> Dataset { get; } = List.Ecs<string>("event.dataset", "`securityaudit.events`, as in the data stream's name.", OfEvents);

    public static Field<string> ObserverProduct { get; } = List.Ecs<string>("observer.product", "What saw it: `SecurityAudit`.", OfEvents);

    public static Field<string> ObserverType { get; } = List.Ecs<string>("observer.type", "`audit`.", OfEvents);

    public static Field<string> ObserverVersion { get; } = List.Ecs<string>("observer.version", "The version of SecurityAudit.", OfEvents);

    public static Field<string> TraceId { get; } = List.Ecs<string>("trace.id", "The distributed trace.", "where an activity is current");

    public static Field<string> SpanId { get; } = List.Ecs<string>("span.id", "The span within the trace.", "where an activity is current");

    public static AccountFields User { get; } = new(
        ReadFields.UserId,
        ReadFields.UserName,
        ReadFields.UserEmail,
        List.Ecs<ImmutableArray<string>>("user.roles", "The account's roles.", "where it has roles"),
        List.Ecs<string>(
            "user.hash", "The keyed hash of the name: known and unknown names are counted alike by it.",
            "attempts to sign in; elsewhere in the place of a name that no account has"));

    public static AccountFields Target { get; } = new(
        ReadFields.TargetId,
        ReadFields.TargetName,
        ReadFields.TargetEmail,
        List.Ecs<ImmutableArray<string>>("user.target.roles", "That account's roles.", "where the capture knows them"),
        List.Ecs<string>("user.target.hash", "The keyed hash of the name that was typed, in the place of the name.", "where no account came to have that name"));

    public static AccountFields Effective { get; } = new(
        List.Ecs<string>("user.effective.id", "Whose account was used, while somebody acted as another: its id.", "while somebody acts as another"),
        List.Ecs<string>("user.effective.name", "That account's name.", "while somebody acts as another"),
        List.Ecs<string>("user.effective.email", "That account's e-mail address.", "where the application adds it"),
        List.Ecs<ImmutableArray<string>>("user.effective.roles", "That account's roles.", "while somebody acts as another, where it has roles"),
        List.Ecs<string>("user.effective.hash", "The keyed hash of that account's name.", "where no account has that name"));

    public static Field<ImmutableArray<string>> RelatedUser { get; } =
        List.Ecs<ImmutableArray<string>>("related.user", "All names and ids of users in the event.", "where there are any");

    public static Field<ImmutableArray<string>> RelatedIp { get; } =
        List.Ecs<ImmutableArray<string>>("related.ip", "All addresses in the event.", "where there are any", FieldType.Ip);

    public static Field<string> GroupId { get; } = List.Ecs<string>("group.id", "The role's id.", "changes of a role's claims or definition");

    public static Field<string> GroupName { get; } = List.Ecs<string>("group.name", "The role's name.", "changes of a role's claims or definition");

    public static Field<string> SessionId { get; } =
        List.Own<string>("session.id", "The keyed hash of the session's or the token's id, by which events are joined.", "where the request has a session");

    public static Field<string> SourceIp => ReadFields.SourceIp;

    public static Field<int> SourcePort { get; } = List.Ecs<int>("source.port", "The port that it came from.", InRequest);

    public static Field<string> UserAgent { get; } = List.Ecs<string>("user_agent.original", "The program that sent it, as it says.", InRequest);

    public static Field<string> Method { get; } = List.Ecs<string>("http.request.method", "The method.", InRequest);

    public static Field<string> RequestId { get; } = List.Ecs<string>("http.request.id", "The request's id in the server's log.", InRequest);

    public static Field<int> StatusCode { get; } = List.Ecs<int>("http.response.status_code", "The answer.", "denials, activities, requests that were refused");

    public static Field<string> Path => ReadFields.Path;

    public static Field<string> Scheme { get; } = List.Ecs<string>("url.scheme", "`https` or `http`.", InRequest);

    public static Field<string> Endpoint { get; } = List.Own<string>("security_audit.endpoint", "The endpoint's display name.", InRequest + ", where it has an endpoint");

    public static Field<string> RpcSystem { get; } =
        List.Own<string>("rpc.system", "How it was called, if not by HTTP alone: `signalr` or `grpc`.", InCalls);

    public static Field<string> RpcService { get; } = List.Own<string>("rpc.service", "The hub or the gRPC service.", InCalls);

    public static Field<string> RpcMethod { get; } = List.Own<string>("rpc.method", "Its method.", InCalls + ", where one was called");

    public static Field<int> RpcStatus { get; } = List.Own<int>("rpc.grpc.status_code", "The status that gRPC answered.", "denials by gRPC services");

    public static Field<string> ConnectionId { get; } =
        List.Own<string>("security_audit.connection.id", "The public id of the hub's connection or of the circuit.", "calls of hubs, events of circuits");

    public static Field<string> Page { get; } = List.Own<string>("security_audit.page", "The type of the Blazor page.", "events of circuits, where the router shows a page");

    public static Field<string> AuthnScheme { get; } = List.Own<string>("security_audit.authn.scheme", "The authentication scheme.", SignIns + ", credentials that are not valid");

    public static Field<string> AuthnMethod { get; } = List.Own<string>("security_audit.authn.method", "How somebody signed in: `password`, `passkey`, `external`, …", SignIns);

    public static Field<string> AuthnProvider { get; } =
        List.Own<string>("security_audit.authn.provider", "The host of the provider at which somebody signed in.", "sign-ins through another provider");

    public static Field<string> OAuthClient { get; } =
        List.Own<string>("security_audit.oauth.client", "The client application that asked for the token.", "tokens of an OpenID Connect server");

    public static Field<string> OAuthGrant { get; } =
        List.Own<string>("security_audit.oauth.grant", "What the token was asked for with: `authorization_code`, `refresh_token`, …", "token requests");

    public static Field<bool> AuthnMfa { get; } = List.Own<bool>("security_audit.authn.mfa", "Was there a second factor?", "sign-ins with ASP.NET Core Identity");

    public static Field<bool> Reauthentication { get; } =
        List.Own<bool>("security_audit.authn.reauthentication", "`true`: the password of somebody who is signed in was checked again.", "such checks that failed");

    public static Field<string> AuthnEvidence { get; } = List.Own<string>(
        "security_audit.authn.evidence",
        "`inferred`: what was seen makes it likely, none of it says so. `reported`: the application says so.",
        "sign-ins that were not seen themselves");

    public static Field<string> CredentialHash { get; } = List.Own<string>(
        "security_audit.authn.credential_hash", "The keyed hash of the key, the token, the cookie or the certificate's thumbprint.", "credentials that were not accepted");

    public static Field<int> AuthnFailures { get; } = List.Own<int>("security_audit.authn.failures", "How many attempts failed before.", "`authn_login_successafterfail`");

    public static Field<int> Limit { get; } = List.Own<int>("security_audit.limit", "The limit that was reached.", "`authn_login_fail_max`, `excess_sessions_exceeded`");

    public static Field<string> ChangeKind { get; } = List.Own<string>("security_audit.change.kind", "What was changed: `role`, `claim`, `email`, …", Changes);

    public static Field<ImmutableArray<string>> ChangeBefore { get; } = List.Own<ImmutableArray<string>>("security_audit.change.before", "What it was.", Changes);

    public static Field<bool> ChangeOwn { get; } = List.Own<bool>(
        "security_audit.change.own", "`true`: somebody changed their own roles or permissions.", "`authz_change` of one's own account");

    public static Field<ImmutableArray<string>> ChangeAfter { get; } =
        List.Own<ImmutableArray<string>>("security_audit.change.after", "What it became; the keyed hash of what was typed where the change was refused.", Changes);

    public static Field<string> RuleId { get; } = List.Ecs<string>("rule.id", "The rule that raised the alert.", InAlert);

    public static Field<string> RuleName => ReadFields.RuleName;

    public static Field<ImmutableArray<string>> Inputs { get; } =
        List.Own<ImmutableArray<string>>("security_audit.inputs", "The names of the inputs, never their values.", "input that was refused or is an attack");

    public static Field<string> FileName { get; } = List.Ecs<string>("file.name", "The file's name.", "uploads");

    public static Field<string> FileMimeType { get; } = List.Ecs<string>("file.mime_type", "The file's type, as the sender says.", "`upload_complete`");

    public static Field<string> ErrorType { get; } = List.Ecs<string>("error.type", "The exception's type.", "exceptions");

    public static Field<string> StackHash { get; } = List.Own<string>("security_audit.error.stack_hash", "The same for exceptions of one origin.", "exceptions");

    public static Field<bool> ErrorHandled { get; } = List.Own<bool>("security_audit.error.handled", "Did the application answer it?", "exceptions");

    public static Field<object> Attributes { get; } =
        List.Own<object>("security_audit.attributes", "What the application adds, as texts under names of its own.", "where there are any", FieldType.Flattened);

    public static Field<string> HookName { get; } = List.Own<string>("security_audit.hook.name", "The hook that failed.", "`audit_hook_failed`");

    public static Field<long> HookFailures { get; } = List.Own<long>(
        "security_audit.hook.failures", "How often it failed since the last such event.", "`audit_hook_failed`");

    public static Field<long> ClockStep { get; } = List.Own<long>(
        "security_audit.clock.step", "By how many milliseconds the machine's clock was set; less than 0: back.", "`audit_clock_stepped`");

    public static Field<string> JournalTrouble { get; } =
        List.Own<string>("security_audit.trouble", "What kind of trouble it is.", "`audit_journal_trouble`");

    public static Field<ImmutableArray<string>> Differences { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.reconciliation.differences", "What the framework counted and what was recorded, by kind.", "`audit_reconciliation`");

    public static Field<long> MissingEvents { get; } = List.Own<long>(
        "security_audit.reconciliation.missing", "How many events are missing.", "`audit_reconciliation`");

    public static Field<int> Repeated { get; } = List.Own<int>(
        "security_audit.repeated", "How many more of the same were not recorded one by one.", "where one source or session causes too many");

    public static Field<string> Enrichment { get; } =
        List.Own<string>("security_audit.enrichment", "`failed`: what the request could tell is missing.", "where enrichment failed");

    public static Field<string> Redaction { get; } = List.Own<string>(
        "security_audit.redaction", "`failed`: a value that could not be redacted was left out.", "where redaction failed");

    public static Field<ImmutableArray<string>> Truncated { get; } =
        List.Own<ImmutableArray<string>>("security_audit.truncated", "The names of what was cut or left out, 16 at most.", "where something was");
}
