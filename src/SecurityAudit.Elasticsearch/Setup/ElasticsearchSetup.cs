using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>Makes what shipping needs, with credentials of its own; run it again at any time. What the owner changed stays.</summary>
/// <remarks>
/// Each template carries the hash of what was installed. As long as what the engine has still gives that hash, a newer version may replace
/// it; otherwise the owner changed it. The owner's place for changes is the component <c>securityaudit.events@custom</c>, which is applied
/// last.
/// </remarks>
internal sealed partial class ElasticsearchSetup(ElasticsearchConnection connection, ElasticsearchOptions options, SetupOptions setup)
{
    private readonly IndexNames _names = new(options.Namespace);
    private readonly List<SetupStep> _steps = [];
    private readonly HashSet<string> _missingTypes = new(StringComparer.Ordinal);

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
        var pipeline = await PipelineAsync(package, cancellationToken);
        await TemplateAsync("component " + IndexTemplates.Package(layout), package, "component_templates", "component_template",
            () => IndexTemplates.PackageBody(distribution, layout, setup.RetentionDays, _missingTypes, policy, pipeline), cancellationToken);
        await TemplateAsync("index template " + IndexTemplates.Index(_names), "_index_template/" + IndexTemplates.Index(_names), "index_templates", "index_template",
            () => IndexTemplates.IndexBody(distribution, layout, _names, _missingTypes), cancellationToken);
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
        if (Printed(HttpMethod.Put, path, IndexTemplates.DeletePolicy(distribution, days, _names)))
        {
            return distribution == ElasticsearchDistribution.Elasticsearch ? name : null;
        }

        var there = await connection.SendAsync(HttpMethod.Get, path, cancellationToken: cancellationToken);
        if (there.IsSuccess)
        {
            _steps.Add(new SetupStep("retention policy " + name, SetupOutcome.Kept, "it exists already; it is yours to change"));
            return distribution == ElasticsearchDistribution.Elasticsearch ? name : null;
        }

        var answer = there.Status == 404 ? await PutAsync(path, IndexTemplates.DeletePolicy(distribution, days, _names), cancellationToken) : there;
        _steps.Add(answer.IsSuccess ? new SetupStep("retention policy " + name, SetupOutcome.Created, $"{days} days")
            : new SetupStep("retention policy " + name, SetupOutcome.Skipped, $"the engine cannot do it ({answer.Error}): delete old indices yourself"));
        return answer.IsSuccess && distribution == ElasticsearchDistribution.Elasticsearch ? name : null;
    }

    /// <summary>
    /// The pipeline that the templates are to name; null: none. It is there before anything names it: an event whose pipeline is missing is
    /// refused.
    /// </summary>
    private async Task<string?> PipelineAsync(string package, CancellationToken cancellationToken)
    {
        const string name = "ingest pipeline " + IndexTemplates.Pipeline;
        const string path = "_ingest/pipeline/" + IndexTemplates.Pipeline;
        if (setup.EventIngested is not true && (setup.DryRun || setup.EventIngested is false || !await NamesPipelineAsync(package, cancellationToken)))
        {
            return null;
        }

        var body = IndexTemplates.PipelineBody();
        if (Printed(HttpMethod.Put, path, body))
        {
            return IndexTemplates.Pipeline;
        }

        var there = await connection.SendAsync(HttpMethod.Get, path, cancellationToken: cancellationToken);
        var existing = there.IsSuccess ? JsonNode.Parse(there.Body.Span)?[IndexTemplates.Pipeline]?.AsObject() : null;
        if (existing is not null && !setup.Overwrite)
        {
            _steps.Add(
                CanonicalJson.Hash(existing) == CanonicalJson.Hash(body)
                    ? new SetupStep(name, SetupOutcome.Unchanged)
                    : new SetupStep(name, SetupOutcome.Kept, "you changed it; --overwrite replaces it"));
            return IndexTemplates.Pipeline;
        }

        var answer = await PutAsync(path, body, cancellationToken);
        _steps.Add(answer.IsSuccess ? new SetupStep(name, existing is null ? SetupOutcome.Created : SetupOutcome.Updated) : new SetupStep(name, SetupOutcome.Failed, answer.Error));
        return answer.IsSuccess ? IndexTemplates.Pipeline : null;
    }

    private async Task<bool> NamesPipelineAsync(string package, CancellationToken cancellationToken)
    {
        var there = await connection.SendAsync(HttpMethod.Get, package, cancellationToken: cancellationToken);
        var settings = there.IsSuccess ? JsonNode.Parse(there.Body.Span)?["component_templates"]?[0]?["component_template"]?["template"]?["settings"] : null;
        return (string?)settings?["index"]?["final_pipeline"] == IndexTemplates.Pipeline || (string?)settings?[IndexTemplates.FinalPipeline] == IndexTemplates.Pipeline;
    }

    private async Task TemplateAsync(string name, string path, string list, string inner, Func<JsonObject> make, CancellationToken cancellationToken)
    {
        var body = make();
        if (Printed(HttpMethod.Put, path, Marked(body)))
        {
            return;
        }

        var there = await connection.SendAsync(HttpMethod.Get, path, cancellationToken: cancellationToken);
        var existing = there.IsSuccess ? JsonNode.Parse(there.Body.Span)?[list]?[0]?[inner]?.AsObject() : null;
        var installed = (string?)existing?["_meta"]?["security_audit"]?["hash"];
        if (existing is not null && !setup.Overwrite && installed != CanonicalJson.Hash(existing))
        {
            _steps.Add(new SetupStep(
                name, SetupOutcome.Kept,
                installed is null ? "it was not made by this command; --overwrite replaces it" : "you changed it; --overwrite replaces it"));
            return;
        }

        var answer = await PutWithAvailableTypesAsync(path, make, installed, existing is not null, cancellationToken);
        if (answer is null)
        {
            _steps.Add(new SetupStep(name, SetupOutcome.Unchanged));
        }
        else if (answer.IsSuccess)
        {
            _steps.Add(new SetupStep(name, existing is null ? SetupOutcome.Created : SetupOutcome.Updated, Missing()));
        }
        else
        {
            _steps.Add(new SetupStep(name, SetupOutcome.Failed, answer.Error));
        }
    }

    /// <summary>Null when the engine has it already. A type that the engine lacks is replaced by the plain one of its family.</summary>
    private async Task<Response?> PutWithAvailableTypesAsync(string path, Func<JsonObject> make, string? installed, bool exists, CancellationToken cancellationToken)
    {
        while (true)
        {
            var body = make();
            if (exists && !setup.Overwrite && IsInstalledWithAvailableTypes(installed, make))
            {
                return null;
            }

            var answer = await PutAsync(path, Marked(body), cancellationToken);
            var missing = answer.IsSuccess ? null : MissingType().Match(Encoding.UTF8.GetString(answer.Body.Span)) is { Success: true } match ? match.Groups["type"].Value : null;
            if (missing is null || (missing != IndexTemplates.IndexMode && FieldMapping.Plain(missing) == missing) || !_missingTypes.Add(missing))
            {
                return answer;
            }
        }
    }

    /// <summary>What was installed may have had plain types in the place of missing ones: the engine is not asked again for each.</summary>
    private bool IsInstalledWithAvailableTypes(string? installed, Func<JsonObject> make)
    {
        string[] optional = [FieldMapping.Wildcard, FieldMapping.Text, FieldMapping.Constant, IndexTemplates.IndexMode];
        for (var choice = 0; choice < 1 << optional.Length; choice++)
        {
            var tried = optional.Where((_, bit) => (choice & (1 << bit)) != 0).ToList();
            var added = tried.Where(_missingTypes.Add).ToList();
            var same = CanonicalJson.Hash(make()) == installed;
            if (same)
            {
                return true;
            }

            _missingTypes.ExceptWith(added);
        }

        return false;
    }

    private string Missing()
    {
        var mode = _missingTypes.Contains(IndexTemplates.IndexMode) ? $"this engine knows no {IndexTemplates.IndexMode}: it has the one mode" : "";
        return string.Join("; ", new[] { MissingTypes(), mode }.Where(text => text.Length > 0));
    }

    private string MissingTypes() =>
        _missingTypes.All(type => type == IndexTemplates.IndexMode)
            ? ""
            : $"this engine has no {string.Join(", ", _missingTypes.Where(type => type != IndexTemplates.IndexMode).Order(StringComparer.Ordinal))}: "
                + "the plain types of the family are used";

    private async Task DataStreamAsync(ElasticsearchDistribution distribution, CancellationToken cancellationToken)
    {
        var name = "data stream " + _names.DataStream;
        if (Printed(HttpMethod.Put, "_data_stream/" + _names.DataStream, null))
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
        new MissingFields(connection).AddAsync(search, IsOwners ? [] : FieldMapping.Properties(distribution, _missingTypes), cancellationToken);

    /// <summary>An owner who changed the mapping chose its fields.</summary>
    private bool IsOwners => _steps.Exists(step => step.Name.StartsWith("component ", StringComparison.Ordinal) && step.Outcome is SetupOutcome.Kept or SetupOutcome.Failed);

    /// <summary>Made when it is not there, and never touched again.</summary>
    private async Task OnceAsync(string name, string path, JsonObject body, CancellationToken cancellationToken)
    {
        if (Printed(HttpMethod.Put, path, body))
        {
            return;
        }

        var there = await connection.SendAsync(HttpMethod.Get, path, cancellationToken: cancellationToken);
        var answer = there.IsSuccess ? there : await PutAsync(path, body, cancellationToken);
        _steps.Add(new SetupStep(
            name, there.IsSuccess ? SetupOutcome.Unchanged : answer.IsSuccess ? SetupOutcome.Created : SetupOutcome.Failed,
            answer.IsSuccess ? "" : answer.Error));
    }

    private async Task KeyAsync(string name, ElasticsearchLayout layout, CancellationToken cancellationToken)
    {
        var body = IndexTemplates.KeyBody(name, layout, _names);
        if (Printed(HttpMethod.Post, "_security/api_key", body))
        {
            return;
        }

        var answer = await connection.SendAsync(HttpMethod.Post, "_security/api_key", JsonBody.Of(body), cancellationToken);
        Key = answer.IsSuccess ? (string?)JsonNode.Parse(answer.Body.Span)?["encoded"] : null;
        _steps.Add(Key is not null ? new SetupStep("API key " + name, SetupOutcome.Created, "it can create documents and nothing else")
            : new SetupStep("API key " + name, SetupOutcome.Failed, answer.Error));
    }

    private static JsonObject Marked(JsonObject body)
    {
        var hash = CanonicalJson.Hash(body);
        body["_meta"] = new JsonObject
        {
            ["description"] = "Made by security-audit elasticsearch setup. Put changes into the component securityaudit.events@custom.",
            ["security_audit"] = new JsonObject { ["version"] = IndexTemplates.Version, ["hash"] = hash },
        };
        return body;
    }

    private bool Printed(HttpMethod method, string path, JsonObject? body)
    {
        setup.Print?.Invoke($"{method} /{path}");
        if (body is not null)
        {
            setup.Print?.Invoke(Indented(body));
        }

        setup.Print?.Invoke("");
        return setup.DryRun;
    }

    private static string Indented(JsonObject body) => Encoding.UTF8.GetString(JsonBody.Of(body, new JsonWriterOptions { Indented = true }).Span);

    private Task<Response> PutAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        connection.SendAsync(HttpMethod.Put, path, JsonBody.Of(body), cancellationToken);

    [GeneratedRegex(
        @"(?:mapper type|handler for type|unknown setting) \[(?<type>[a-z_.]+)\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingType();
}
