using System.Diagnostics.CodeAnalysis;

namespace SecurityAudit.Capture;

/// <summary>Whether the application has Entity Framework Core, which this package is compiled against and does not bring.</summary>
internal static class EntityFrameworkSupport
{
    /// <summary>
    /// False in a Native AOT or trimmed application without Entity Framework Core, as this package's targets find out: its compiler would
    /// otherwise follow the types that are not there and say that a method will always throw.
    /// </summary>
    [FeatureSwitchDefinition("SecurityAudit.EntityFramework.IsSupported")]
    public static bool IsSupported => !AppContext.TryGetSwitch("SecurityAudit.EntityFramework.IsSupported", out var isSupported) || isSupported;

    /// <summary>The same of its relational part, which an application may do without.</summary>
    [FeatureSwitchDefinition("SecurityAudit.EntityFrameworkRelational.IsSupported")]
    public static bool IsRelationalSupported =>
        !AppContext.TryGetSwitch("SecurityAudit.EntityFrameworkRelational.IsSupported", out var isSupported) || isSupported;
}
