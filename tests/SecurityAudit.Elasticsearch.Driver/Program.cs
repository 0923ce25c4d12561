using System.Globalization;
using SecurityAudit.Elasticsearch;
using SecurityAudit.Elasticsearch.Driver;

// The application that the fault campaign kills, and the load program behind the README's figures about shipping.
return args switch
{
    ["life", var directory, var url, var ns, var layout, var events] =>
        await LifeCommand.RunAsync(directory, new Uri(url), ns, Enum.Parse<ElasticsearchLayout>(layout), Number(events)),
    ["speed", var url, var events] => await SpeedCommand.RunAsync(new Uri(url), Number(events)),
    ["lag", var url, var seconds] => await LagCommand.RunAsync(new Uri(url), TimeSpan.FromSeconds(Number(seconds))),
    ["backlog", var url, var events] => await BacklogCommand.RunAsync(new Uri(url), Number(events)),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("life DIR URL NAMESPACE LAYOUT EVENTS | speed URL EVENTS | lag URL SECONDS | backlog URL EVENTS");
    return 2;
}
