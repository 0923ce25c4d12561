namespace SecurityAudit.Elasticsearch.Kibana.Pages;

internal static class AuthenticationPage
{
    private static readonly Measure Names = Measure.Distinct("user.hash", "Different names");
    private static readonly Measure Addresses = Measure.Distinct("source.ip", "Different addresses");

    public static Dashboard Dashboard { get; } = new("security-audit-authentication", "Authentication", "Who signs in, who fails to, and from where.",
    [
        Panels.Count("Signed in", Queries.SignedIn, 8),
        Panels.Count("Failed sign-ins", Queries.Failed, 8),
        Panels.Distinct("Addresses that failed", Queries.Failed, "source.ip", 8),
        Panels.Distinct("Names that failed", Queries.Failed, "user.hash", 8),
        Panels.Count("Accounts locked", Queries.Locked, 8),
        Panels.Count("Invalid credentials", Queries.Credentials, 8),
        Panels.OverTime("Failed sign-ins by address", Queries.Failed + " and source.ip : *", "source.ip", 24),
        Panels.OverTime("Sign-ins by outcome", Queries.SignIns, "event.outcome", 24),
        Panels.Table("Failed sign-ins by address, and on how many names", Queries.Failed + " and source.ip : *", 24,
            [Measure.Count, Names, Measure.LastSeen], "source.ip"),
        Panels.Table("Failed sign-ins by name, known or not", Queries.Failed, 24, [Measure.Count, Addresses, Measure.LastSeen], "user.hash", "user.name"),
        Panels.Seen("Addresses of sign-ins, last seen first", Queries.SignedIn + " and source.ip : *", 24, "source.ip", "user.name"),
        Panels.Top("Keys, tokens and sessions that were not accepted", Queries.Credentials, 24, "security_audit.authn.scheme", "event.reason"),
        Panels.Top("Why sign-ins failed", Queries.Failed, 16, "event.reason"),
        Panels.Top("Locked accounts", Queries.Locked, 16, "user.target.name"),
        Panels.Top("Schemes", Queries.SignIns, 16, "security_audit.authn.scheme"),
        Panels.OverTime("Second factor", "event.action : (\"authn_mfa_challenge\" or \"authn_mfa_success\" or \"authn_mfa_fail\")", "event.action", 24),
        Panels.OverTime("Sessions", "event.category : \"session\"", "event.action", 24),
        Panels.Search(Searches.SignIns),
    ]);
}
