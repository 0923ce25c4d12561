using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>Makes what shipping needs, with credentials of its own; run it again at any time. What the owner changed stays.</summary>
/// <remarks>
/// Each template carries the hash of what was installed. As long as what the engine has still gives that hash, a newer version may replace
/// it; otherwise the owner changed it. The owner's place for changes is the component <c>securityaudit.events@custom</c>, which is applied
/// last.
/// </remarks>
internal sealed class ElasticsearchSetup(ElasticsearchConnection connection, ElasticsearchOptions options, SetupOptions setup)
{
    private readonly IndexNames _names = new(options.Namespace);
    private readonly SetupRequests _requests = new(connection, setup);
    private readonly MissingTypes _missing = new();
    private readonly List<SetupStep> _steps = [];

    /// <summary>The API key that was made, as an application takes it; null when none was asked for.</summary>
    public string? Key { get; private set; }

    /// <summary>The engine that was set up, or for which it was printed.</summary>
    public ElasticsearchDistribution Distribution { get; private set; }

    public async Task<IReadOnlyList<SetupStep>> RunAsync(CancellationToken cancellationToken)
    {
        var target = await TargetAsync(cancellationToken);
        var (distribution, layout) = (target.Distribution, target.Layout);
        Distribution = distribution;
        var policy = layout == ElasticsearchLayout.IndexPerPeriod && setup.RetentionDays is { } days ? await DeletePolicyAsync(distribution, days, cancellationToken) : null;
        if (distribution == ElasticsearchDistribution.OpenSearch)
        {
            await OnceAsync("owner's component " + IndexTemplates.Custom, "_component_template/" + IndexTemplates.Custom, IndexTemplates.EmptyCustomBody(), cancellationToken);
        }

        var package = "_component_template/" + IndexTemplates.Package(layout);
        var pipeline = await NamedPipelineAsync(package, cancellationToken);
        var templates = new TemplateSetup(_requests, _missing, setup.Overwrite);
        await AddAsync(templates.PutAsync("component " + IndexTemplates.Package(layout), package, "component_templates", "component_template",
            () => IndexTemplates.PackageBody(distribution, layout, setup.RetentionDays, _missing.Types, policy, pipeline), cancellationToken));
        await AddAsync(templates.PutAsync("index template " + IndexTemplates.Index(_names), "_index_template/" + IndexTemplates.Index(_names), "index_templates", "index_template",
            () => IndexTemplates.IndexBody(distribution, layout, _names, _missing.Types), cancellationToken));
        if (layout == ElasticsearchLayout.DataStream)
        {
            await DataStreamAsync(distribution, cancellationToken);
        }
        else if (!setup.DryRun && await AddFieldsAsync(_names.PeriodPattern, distribution, cancellationToken) is var (outcome, detail))
        {
            _steps.Add(new SetupStep("fields of " + _names.PeriodPattern, outcome, detail));
        }

        await OnceAsync("index " + _names.Checkpoints, _names.Checkpoints, IndexTemplates.CheckpointsBody(), cancellationToken);
        if (setup.KeyName is { } name)
        {
            await KeyAsync(name, layout, cancellationToken);
        }

        return _steps;
    }

    private async Task AddAsync(Task<SetupStep?> step)
    {
        if (await step is { } done)
        {
            _steps.Add(done);
        }
    }

    /// <summary>The pipeline that the templates are to name; null: none.</summary>
    private async Task<string?> NamedPipelineAsync(string package, CancellationToken cancellationToken)
    {
        var pipeline = new PipelineSetup(_requests, setup);
        if (!await pipeline.IsWantedAsync(package, cancellationToken))
        {
            return null;
        }

        var step = await pipeline.PutAsync(cancellationToken);
        if (step is not null)
        {
            _steps.Add(step);
        }

        return step?.Outcome == SetupOutcome.Failed ? null : IndexTemplates.Pipeline;
    }

    private async Task<BulkTarget> TargetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await BulkTarget.FindAsync(connection, options, cancellationToken);
        }
        catch (IOException) when (setup.DryRun)
        {
            setup.Print!("# Nobody could be asked which engine this is: printed for Elasticsearch. Say --distribution OpenSearch for the other.");
            return new BulkTarget(
                _names, ElasticsearchDistribution.Elasticsearch, options.Layout is ElasticsearchLayout.Auto ? ElasticsearchLayout.DataStream : options.Layout,
                options.Period);
        }
    }

    private async Task<string?> DeletePolicyAsync(ElasticsearchDistribution distribution, int days, CancellationToken cancellationToken)
    {
        const string name = "securityaudit-retention";
        var path = distribution == ElasticsearchDistribution.Elasticsearch ? "_ilm/policy/" + name : "_plugins/_ism/policies/" + name;
        if (_requests.IsPrinted(HttpMethod.Put, path, IndexTemplates.DeletePolicy(distribution, days, _names)))
        {
            return distribution == ElasticsearchDistribution.Elasticsearch ? name : null;
        }

        var there = await _requests.GetAsync(path, cancellationToken);
        if (there.IsSuccess)
        {
            _steps.Add(new SetupStep("retention policy " + name, SetupOutcome.Kept, "it exists already; it is yours to change"));
            return distribution == ElasticsearchDistribution.Elasticsearch ? name : null;
        }

        var answer = there.Status == 404 ? await _requests.PutAsync(path, IndexTemplates.DeletePolicy(distribution, days, _names), cancellationToken) : there;
        _steps.Add(answer.IsSuccess ? new SetupStep("retention policy " + name, SetupOutcome.Created, $"{days} days")
            : new SetupStep("retention policy " + name, SetupOutcome.Skipped, $"the engine cannot do it ({answer.Error}): delete old indices yourself"));
        return answer.IsSuccess && distribution == ElasticsearchDistribution.Elasticsearch ? name : null;
    }

    private async Task DataStreamAsync(ElasticsearchDistribution distribution, CancellationToken cancellationToken)
    {
        var name = "data stream " + _names.DataStream;
        if (_requests.IsPrinted(HttpMethod.Put, "_data_stream/" + _names.DataStream, null))
        {
            return;
        }

        if (await AddFieldsAsync(_names.DataStream, distribution, cancellationToken) is var (outcome, detail))
        {
            _steps.Add(new SetupStep(name, outcome, detail.Length > 0 ? detail : "new backing indices take the templates; POST _rollover makes one now"));
            return;
        }

        var answer = await connection.SendAsync(HttpMethod.Put, "_data_stream/" + _names.DataStream, cancellationToken: cancellationToken);
        if (answer.Status is 400 or 405 && answer.Body.Span.IndexOf("_data_stream"u8) >= 0)
        {
            // No such call: an event without a time is refused, but only after the stream was made for it.
            answer = await connection.SendLinesAsync(_names.DataStream + "/_bulk", "{\"create\":{}}\n{}\n"u8.ToArray(), cancellationToken);
        }

        _steps.Add(answer.IsSuccess ? new SetupStep(name, SetupOutcome.Created) : new SetupStep(name, SetupOutcome.Failed, answer.Error));
    }

    private Task<(SetupOutcome Outcome, string Detail)?> AddFieldsAsync(string search, ElasticsearchDistribution distribution, CancellationToken cancellationToken) =>
        new MissingFields(connection).AddAsync(search, IsOwners ? [] : FieldMapping.Properties(distribution, _missing.Types), cancellationToken);

    /// <summary>An owner who changed the mapping chose its fields.</summary>
    private bool IsOwners => _steps.Exists(step => step.Name.StartsWith("component ", StringComparison.Ordinal) && step.Outcome is SetupOutcome.Kept or SetupOutcome.Failed);

    /// <summary>Made when it is not there, and never touched again.</summary>
    private async Task OnceAsync(string name, string path, JsonObject body, CancellationToken cancellationToken)
    {
        if (_requests.IsPrinted(HttpMethod.Put, path, body))
        {
            return;
        }

        var there = await _requests.GetAsync(path, cancellationToken);
        var answer = there.IsSuccess ? there : await _requests.PutAsync(path, body, cancellationToken);
        _steps.Add(new SetupStep(
            name, there.IsSuccess ? SetupOutcome.Unchanged : answer.IsSuccess ? SetupOutcome.Created : SetupOutcome.Failed,
            answer.IsSuccess ? "" : answer.Error));
    }

    private async Task KeyAsync(string name, ElasticsearchLayout layout, CancellationToken cancellationToken)
    {
        var body = IndexTemplates.KeyBody(name, layout, _names);
        if (_requests.IsPrinted(HttpMethod.Post, "_security/api_key", body))
        {
            return;
        }

        var answer = await connection.SendAsync(HttpMethod.Post, "_security/api_key", JsonBody.Of(body), cancellationToken);
        Key = answer.IsSuccess ? (string?)JsonNode.Parse(answer.Body.Span)?["encoded"] : null;
        _steps.Add(Key is not null ? new SetupStep("API key " + name, SetupOutcome.Created, "it can create documents and nothing else")
            : new SetupStep("API key " + name, SetupOutcome.Failed, answer.Error));
    }
}
