using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Detection.Rules;

/// <summary>The rules that are on in this application, with the lists that they name.</summary>
internal sealed class ActiveRules(IOptions<SecurityAuditOptions> options, IServiceProvider services, ClaimedNames names)
{
    /// <summary>What <c>@administrators</c> stands for where nobody says it.</summary>
    public static ImmutableArray<string> UsualAdministrators { get; } =
        ["Admin", "admin", "Admins", "admins", "Administrator", "administrator", "Administrators", "administrators", "Owner", "owner", "SuperAdmin", "superadmin", "Root", "root"];

    private readonly RuleCatalogue _catalogue =
        RuleCatalogue.Of(options.Value.Detection, services.GetService<IHostEnvironment>()?.ContentRootPath ?? Directory.GetCurrentDirectory());

    /// <summary>Where addresses are; null where the application does not say.</summary>
    public ILocationResolver? Resolver { get; } = services.GetService<ILocationResolver>();

    public IEnumerable<DetectionRule> Active => _catalogue.Rules.Where(rule => rule.Enabled);

    /// <summary>The rules that the options switch off.</summary>
    public IEnumerable<DetectionRule> SwitchedOff => _catalogue.Rules.Where(rule => !rule.Enabled);

    /// <summary>The lists; the journal must be open, for its key hashes the names.</summary>
    public NamedLists Lists()
    {
        var settings = options.Value.Detection;
        return new NamedLists(
            settings.AdministratorRoles.Count > 0 ? [.. settings.AdministratorRoles] : UsualAdministrators,
            [.. settings.Honeytokens],
            [.. settings.Honeytokens.Select(names.HashOf)]);
    }
}
