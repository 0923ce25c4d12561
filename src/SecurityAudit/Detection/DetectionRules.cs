namespace SecurityAudit.Detection;

/// <summary>The rules, on one page.</summary>
internal static class DetectionRules
{
    /// <summary>A few common passwords tried on many accounts, so few that none of them locks.</summary>
    public static DetectionRule PasswordSpraying { get; } = new()
    {
        Id = "password_spraying",
        Name = "Password spraying",
        Actions = ["authn_login_fail"],
        GroupBy = EventDimension.Source,
        Distinct = EventDimension.User,
        Window = TimeSpan.FromHours(1),
        DistinctValues = 5,
        Attempts = 15,
        AttemptsPerValue = 8,
        Severity = EventSeverity.High,
        Categories = ["intrusion_detection", "authentication"],
        Technique = AttackTechnique.PasswordSpraying,
        Sentence = "Somebody at {group} is trying common passwords on many accounts: {attempts} failed sign-ins on {distinct} accounts within "
            + "{duration}; block that address and see whether one of its sign-ins succeeded.",
        SummarySentence = "{group} kept trying passwords after the alert: {attempts} more failed sign-ins on {distinct} accounts within {duration}.",
    };

    public static IReadOnlyList<DetectionRule> All { get; } = [PasswordSpraying];
}
