namespace SecurityAudit;

/// <summary>Which word about an attack it is.</summary>
public enum AlertStage
{
    /// <summary>The first.</summary>
    Raised,

    /// <summary>It went on.</summary>
    Summary,

    /// <summary>It is over.</summary>
    Resolved,
}
