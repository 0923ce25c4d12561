namespace SecurityAudit.Detection.Engine;

/// <summary>What is told of an attack.</summary>
internal enum AlertStage
{
    /// <summary>It is news.</summary>
    Raised,

    /// <summary>What it did since it was last told of.</summary>
    Summary,

    /// <summary>It is over.</summary>
    Resolved,
}
