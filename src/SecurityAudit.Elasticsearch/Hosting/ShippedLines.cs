using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>Keeps retention from what is not shipped, also while no engine has answered yet and there is no bookmark.</summary>
internal sealed class ShippedLines : IJournalConsumer
{
    public string Name => "shipping to Elasticsearch";

    public long SettledSize(JournalLog log) => new ShippingFiles(JournalDirectory.Holding(log.Directory), log.Id).Load()?.Next ?? 0;
}
