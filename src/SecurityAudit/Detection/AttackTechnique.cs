namespace SecurityAudit.Detection;

/// <summary>What MITRE ATT&amp;CK calls it; the sub-technique stands in its own ECS fields.</summary>
internal sealed record AttackTechnique(string TacticId, string Tactic, string TechniqueId, string Technique, string? SubId = null, string? Sub = null)
{
    public static AttackTechnique PasswordSpraying { get; } =
        new("TA0006", "Credential Access", "T1110", "Brute Force", "T1110.003", "Password Spraying");

    public string Reference => Link(TechniqueId);

    public string? SubReference => SubId is null ? null : Link(SubId);

    private static string Link(string id) => $"https://attack.mitre.org/techniques/{id.Replace('.', '/')}/";
}
