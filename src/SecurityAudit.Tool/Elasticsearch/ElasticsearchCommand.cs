using System.CommandLine;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// <c>elasticsearch</c>: everything between a journal and Elasticsearch or OpenSearch that the application does not do itself.
/// </summary>
internal sealed class ElasticsearchCommand : Command
{
    public ElasticsearchCommand(Terminal terminal)
        : base("elasticsearch", "Sets Elasticsearch or OpenSearch up, ships a journal by hand, and compares what is stored with the journal.")
    {
        Add(new SetupCommand(terminal));
        Add(new StatusCommand(terminal));
        Add(new ReconcileCommand(terminal));
        Add(new ShipCommand(terminal));
    }
}
