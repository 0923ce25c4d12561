namespace SecurityAudit.Detection;

/// <summary>What MITRE ATT&amp;CK calls the attack, in the words of attack.mitre.org.</summary>
/// <param name="TacticId">ECS <c>threat.tactic.id</c>: <c>TA0006</c>.</param>
/// <param name="Tactic">ECS <c>threat.tactic.name</c>: <c>Credential Access</c>.</param>
/// <param name="Id">ECS <c>threat.technique.id</c>: <c>T1110</c>.</param>
/// <param name="Name">ECS <c>threat.technique.name</c>: <c>Brute Force</c>.</param>
/// <param name="SubtechniqueId">ECS <c>threat.technique.subtechnique.id</c>: <c>T1110.003</c>; null where there is none.</param>
/// <param name="Subtechnique">ECS <c>threat.technique.subtechnique.name</c>: <c>Password Spraying</c>; null where there is none.</param>
public sealed record AttackTechnique(string TacticId, string Tactic, string Id, string Name, string? SubtechniqueId = null, string? Subtechnique = null)
{
    internal string TacticReference => $"https://attack.mitre.org/tactics/{TacticId}/";

    internal string Reference => Link(Id);

    internal string? SubtechniqueReference => SubtechniqueId is null ? null : Link(SubtechniqueId);

    private static string Link(string id) => $"https://attack.mitre.org/techniques/{id.Replace('.', '/')}/";
}
