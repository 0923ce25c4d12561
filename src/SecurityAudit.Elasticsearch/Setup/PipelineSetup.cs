using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>
/// The ingest pipeline that writes when an event came. It is there before any template names it: an event whose pipeline is missing is
/// refused.
/// </summary>
internal sealed class PipelineSetup(SetupRequests requests, SetupOptions setup)
{
    private const string Name = "ingest pipeline " + IndexTemplates.Pipeline;
    private const string Path = "_ingest/pipeline/" + IndexTemplates.Pipeline;

    /// <summary>Is it asked for, or named already by the template of an earlier run?</summary>
    public async Task<bool> IsWantedAsync(string package, CancellationToken cancellationToken) =>
        setup.EventIngested ?? (!setup.DryRun && await IsNamedAsync(package, cancellationToken));

    /// <summary>Null when it was printed.</summary>
    public async Task<SetupStep?> PutAsync(CancellationToken cancellationToken)
    {
        var body = IndexTemplates.PipelineBody();
        if (requests.IsPrinted(HttpMethod.Put, Path, body))
        {
            return null;
        }

        var there = await requests.GetAsync(Path, cancellationToken);
        var existing = there.IsSuccess ? JsonNode.Parse(there.Body.Span)?[IndexTemplates.Pipeline]?.AsObject() : null;
        if (existing is not null && !setup.Overwrite)
        {
            return CanonicalJson.Hash(existing) == CanonicalJson.Hash(body)
                ? new SetupStep(Name, SetupOutcome.Unchanged)
                : new SetupStep(Name, SetupOutcome.Kept, "you changed it; --overwrite replaces it");
        }

        var answer = await requests.PutAsync(Path, body, cancellationToken);
        return answer.IsSuccess
            ? new SetupStep(Name, existing is null ? SetupOutcome.Created : SetupOutcome.Updated)
            : new SetupStep(Name, SetupOutcome.Failed, answer.Error);
    }

    private async Task<bool> IsNamedAsync(string package, CancellationToken cancellationToken)
    {
        var there = await requests.GetAsync(package, cancellationToken);
        var settings = there.IsSuccess ? JsonNode.Parse(there.Body.Span)?["component_templates"]?[0]?["component_template"]?["template"]?["settings"] : null;
        return (string?)settings?["index"]?["final_pipeline"] == IndexTemplates.Pipeline || (string?)settings?[IndexTemplates.FinalPipeline] == IndexTemplates.Pipeline;
    }
}
