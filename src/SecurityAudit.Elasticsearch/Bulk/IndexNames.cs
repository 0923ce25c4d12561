namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>The names of everything that is stored, from the options' namespace.</summary>
internal sealed record IndexNames(string Namespace)
{
    private const string Events = "logs-securityaudit.events-";

    /// <summary>What the data view and the searches of every layout name.</summary>
    public const string EventsPattern = Events + "*";

    /// <summary>The data stream.</summary>
    public string DataStream => Events + Namespace;

    /// <summary>The indices per period begin with this.</summary>
    public string PeriodPrefix => DataStream + "-";

    public string PeriodPattern => PeriodPrefix + "*";

    /// <summary>The index of the latest checkpoints.</summary>
    public string Checkpoints => "securityaudit-checkpoints-" + Namespace;
}
