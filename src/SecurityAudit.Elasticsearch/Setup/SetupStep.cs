namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>One thing that was set up, or not.</summary>
internal sealed record SetupStep(string Name, SetupOutcome Outcome, string Detail = "");

internal enum SetupOutcome
{
    Created,
    Updated,
    Unchanged,

    /// <summary>The owner changed it: it stays as it is.</summary>
    Kept,

    /// <summary>The engine has no such thing.</summary>
    Skipped,

    Failed,
}
