using System.Collections.Immutable;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>What stands for <c>@administrators</c>, <c>@honeytokens</c> and <c>@honeytoken_hashes</c> outside of an application.</summary>
/// <param name="AdministratorRoles">Beside those of the settings.</param>
/// <param name="Honeytokens">Likewise.</param>
/// <param name="KeyFiles">The pseudonym keys of the nodes' journals: the name of a honeytoken has a hash by each.</param>
internal sealed record RuleLists(ImmutableArray<string> AdministratorRoles, ImmutableArray<string> Honeytokens, ImmutableArray<string> KeyFiles)
{
    public static RuleLists None { get; } = new([], [], []);

    /// <exception cref="IOException">A key cannot be read.</exception>
    public NamedLists Of(DetectionSettings settings)
    {
        ImmutableArray<string> roles = [.. settings.AdministratorRoles, .. AdministratorRoles];
        ImmutableArray<string> honeytokens = [.. settings.Honeytokens, .. Honeytokens];
        return new NamedLists(
            roles.IsEmpty ? ActiveRules.UsualAdministrators : roles, honeytokens,
            [.. KeyFiles.Select(Pseudonyms.OfFile).SelectMany(key => honeytokens.Select(new ClaimedNames(key).HashOf))]);
    }
}
