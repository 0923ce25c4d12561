using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SecurityAudit.Health;

/// <summary>
/// How a check of the library joins the application's: with its tag, and with the status that the owner chose for a failure.
/// </summary>
internal static class HealthRegistration
{
    /// <summary>By this tag the owner leaves the checks out of a probe, or gives them an endpoint of their own.</summary>
    public const string Tag = "security-audit";

    public static HealthCheckRegistration Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(
        string name, SecurityAuditOptions options)
        where TCheck : class, IHealthCheck =>
        new(name, ActivatorUtilities.GetServiceOrCreateInstance<TCheck>, options.HealthOnFailure, [Tag]);
}
