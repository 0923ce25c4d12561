namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>What setting up is to do.</summary>
internal sealed record SetupOptions
{
    /// <summary>How long events are kept; null: until somebody deletes them.</summary>
    public int? RetentionDays { get; init; } = 365;

    /// <summary>Has the engine write <c>event.ingested</c> into each event by an ingest pipeline; null: as it is set up already.</summary>
    public bool? EventIngested { get; init; }

    /// <summary>Replaces templates and dashboards that the owner changed.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Makes an API key of this name for the application, which can create documents and nothing else.</summary>
    public string? KeyName { get; init; }

    /// <summary>Prints the requests instead of sending them.</summary>
    public Action<string>? Print { get; init; }

    public bool DryRun => Print is not null;
}
