using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Hosting;

namespace SecurityAudit.Capture.Identity;

/// <summary>Confirms that sign-ins are recorded with names, where the application uses ASP.NET Core Identity.</summary>
internal sealed class IdentityCoverage : ICoverageCheck
{
    public IEnumerable<Coverage> Check(IServiceProvider scope)
    {
        if (scope.GetService<ILookupNormalizer>() is { } normalizer)
        {
            yield return new(
                "identity",
                normalizer is AuditedLookupNormalizer,
                "ASP.NET Core Identity was registered where it could not be decorated: sign-ins are recorded, most of them without a name. "
                    + "Call AddSecurityAudit on the host builder, or after AddIdentity.");
        }
    }
}
