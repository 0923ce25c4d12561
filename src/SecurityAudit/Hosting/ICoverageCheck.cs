namespace SecurityAudit.Hosting;

/// <summary>Looks at start whether a hook is where it should be.</summary>
internal interface ICoverageCheck
{
    /// <summary>What is captured, and what is not with the reason.</summary>
    IEnumerable<Coverage> Check(IServiceProvider scope);
}

/// <summary>One hook: its name, whether it is in place, and what to do if not.</summary>
internal sealed record Coverage(string Hook, bool Covered, string? Remedy = null);
