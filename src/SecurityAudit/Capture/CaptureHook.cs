using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture;

/// <summary>
/// One kind of thing that is captured: how it gets into the application and how it is known to be there. A hook has a folder of its own
/// beside this file and a line in <c>CaptureHooks.All</c>; registration, decoration, the check at start, what <c>audit_coverage</c>
/// reports and the table in the README follow from that.
/// </summary>
internal abstract class CaptureHook
{
    /// <summary>The name in <c>audit_coverage</c>, in the log and in the README.</summary>
    public abstract string Name { get; }

    /// <summary>What it captures, as the README says it.</summary>
    public abstract string Captures { get; }

    /// <summary>What of the framework it sees that through, as the README says it.</summary>
    public abstract string Through { get; }

    /// <summary>Adds its services, when the library is added; what the application registers later is not there yet.</summary>
    public virtual void Register(IServiceCollection services)
    {
    }

    /// <summary>
    /// Decorates what the application has registered, as the last step before the container is built: in its place, further registrations
    /// at the end. Called again where more was registered since, with that alone.
    /// </summary>
    public virtual void Decorate(IServiceCollection services)
    {
    }

    /// <summary>Looks at start whether it is where it should be; null where the application has nothing of the kind.</summary>
    public abstract Coverage? Check(IServiceProvider scope);

    /// <summary>
    /// What it says of one part of the application: a scheme, a hub, a form. Null where such parts are none of its business; of a part for
    /// which no hook answers nothing is recorded, and so it is reported.
    /// </summary>
    public virtual CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => null;

    /// <summary>Of a part that is covered where the hook is in place.</summary>
    protected CoverageItem? AsWhole(ApplicationPart part, IServiceProvider scope) =>
        Check(scope) is { } found ? found.Covered ? part.Covered() : part.Missing($"{part.Remedy} {found.Remedy}") : null;

    /// <summary>Covered, if what concludes its requests is still registered.</summary>
    protected Coverage CoveredIfConcludedBy<TConclusion>(IServiceProvider scope)
        where TConclusion : IRequestConclusion =>
        CoveredIf(scope.GetServices<IRequestConclusion>().OfType<TConclusion>().Any(), "Its registration was removed after AddSecurityAudit: leave it.");

    /// <summary>Covered, if the application gets what the hook put there.</summary>
    protected Coverage CoveredIf(bool isInPlace, string remedy) => new(Name, isInPlace, remedy);
}

/// <summary>One hook as it was found at start.</summary>
/// <param name="Hook">Its name.</param>
/// <param name="Covered">Whether it is in place.</param>
/// <param name="Remedy">What to do if not.</param>
internal sealed record Coverage(string Hook, bool Covered, string Remedy);
