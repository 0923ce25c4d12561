using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>The bodies of what is set up, as pure functions.</summary>
internal static class IndexTemplates
{
    public const int Version = 5;

    /// <summary>Higher than the built-in <c>logs-*-*</c> (100) and than what integrations install (200).</summary>
    private const int Priority = 250;

    /// <summary>The component that setting up owns.</summary>
    public static string Package(ElasticsearchLayout layout) => layout == ElasticsearchLayout.DataStream ? "securityaudit.events@package" : "securityaudit.events.periods@package";

    /// <summary>The component that the owner owns: applied last, never written by us.</summary>
    public const string Custom = "securityaudit.events@custom";

    public static string Index(IndexNames names) => "securityaudit.events-" + names.Namespace;

    /// <summary>The ingest pipeline that writes when an event came in, which Elastic's detection rules look back by.</summary>
    public const string Pipeline = "securityaudit.events.ingested";

    /// <summary>An engine before 8.1 does not know it.</summary>
    public const string IndexMode = "index.mode";

    public const string FinalPipeline = "index.final_pipeline";

    public static JsonObject PipelineBody() => new()
    {
        ["description"] = "SecurityAudit: when the engine took the event in. Added to the journal's line; 'security-audit elasticsearch reconcile' knows it.",
        ["processors"] = new JsonArray(new JsonObject
        {
            ["set"] = new JsonObject { ["field"] = AuditFields.Ingested.Name, ["value"] = "{{{_ingest.timestamp}}}", ["ignore_failure"] = true },
        }),
    };

    public static JsonObject PackageBody(
        ElasticsearchDistribution distribution, ElasticsearchLayout layout, int? retentionDays, IReadOnlySet<string> missingTypes, string? lifecyclePolicy, string? pipeline)
    {
        var settings = new JsonObject
        {
            ["index.mapping.ignore_malformed"] = true,
            ["index.mapping.total_fields.limit"] = 500,
            ["index.refresh_interval"] = "5s",
            ["index.codec"] = "best_compression",
        };
        if (distribution == ElasticsearchDistribution.Elasticsearch && !missingTypes.Contains(IndexMode))
        {
            settings[IndexMode] = "standard"; // 9 and serverless make logs-*-* logsdb, which gives documents back otherwise than they were sent
        }

        if (pipeline is not null)
        {
            settings[FinalPipeline] = pipeline;
        }

        if (lifecyclePolicy is not null)
        {
            settings["index.lifecycle.name"] = lifecyclePolicy;
        }

        var template = new JsonObject { ["settings"] = settings, ["mappings"] = Mappings(distribution, missingTypes) };
        if (distribution == ElasticsearchDistribution.Elasticsearch && layout == ElasticsearchLayout.DataStream)
        {
            template["lifecycle"] = retentionDays is { } days ? new JsonObject { ["data_retention"] = $"{days}d" } : [];
        }

        return new JsonObject { ["template"] = template };
    }

    public static JsonObject IndexBody(ElasticsearchDistribution distribution, ElasticsearchLayout layout, IndexNames names, IReadOnlySet<string> missingTypes)
    {
        var body = new JsonObject
        {
            ["index_patterns"] = new JsonArray(layout == ElasticsearchLayout.DataStream ? names.DataStream : names.PeriodPattern),
            ["composed_of"] = new JsonArray(Package(layout), Custom),
            ["priority"] = Priority,
        };
        if (layout == ElasticsearchLayout.DataStream)
        {
            body["data_stream"] = new JsonObject();
        }

        if (layout == ElasticsearchLayout.DataStream && distribution == ElasticsearchDistribution.Elasticsearch)
        {
            body["template"] = new JsonObject { ["mappings"] = new JsonObject { ["properties"] = NameOf(names, missingTypes) } };
        }

        if (distribution == ElasticsearchDistribution.Elasticsearch)
        {
            body["ignore_missing_component_templates"] = new JsonArray(Custom);
        }

        return body;
    }

    /// <summary>An owner's component with nothing in it yet, for engines that cannot do without.</summary>
    public static JsonObject EmptyCustomBody() => new() { ["template"] = new JsonObject() };

    public static JsonObject CheckpointsBody() => new()
    {
        ["settings"] = new JsonObject { ["index.number_of_shards"] = 1 },
        ["mappings"] = new JsonObject
        {
            ["dynamic"] = false,
            ["properties"] = new JsonObject
            {
                [JournalFields.Timestamp.Name] = Type(FieldMapping.Date),
                ["origin"] = Type(FieldMapping.Keyword),
                ["size"] = Type(FieldMapping.Long),
                ["root"] = Type(FieldMapping.Keyword),
                ["note"] = new JsonObject { ["type"] = FieldMapping.Keyword, ["index"] = false, ["doc_values"] = false },
            },
        },
    };

    /// <summary>
    /// Deletes an index of a period when it is old; the last day in it decides, so it stays a period longer than its first.
    /// </summary>
    public static JsonObject DeletePolicy(ElasticsearchDistribution distribution, int days, IndexNames names) => distribution == ElasticsearchDistribution.Elasticsearch
        ? new JsonObject
        {
            ["policy"] = new JsonObject
            {
                ["phases"] = new JsonObject
                {
                    ["delete"] = new JsonObject { ["min_age"] = $"{days}d", ["actions"] = new JsonObject { ["delete"] = new JsonObject() } },
                },
            },
        }
        : new JsonObject
        {
            ["policy"] = new JsonObject
            {
                ["description"] = "SecurityAudit: deletes indices of events when they are old.",
                ["default_state"] = "kept",
                ["states"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "kept",
                        ["actions"] = new JsonArray(),
                        ["transitions"] = new JsonArray(new JsonObject { ["state_name"] = "old", ["conditions"] = new JsonObject { ["min_index_age"] = $"{days}d" } }),
                    },
                    new JsonObject { ["name"] = "old", ["actions"] = new JsonArray(new JsonObject { ["delete"] = new JsonObject() }), ["transitions"] = new JsonArray() }),
                ["ism_template"] = new JsonArray(new JsonObject { ["index_patterns"] = new JsonArray(names.PeriodPattern), ["priority"] = Priority }),
            },
        };

    /// <summary>What the application's key may do, and nothing else.</summary>
    public static JsonObject KeyBody(string name, ElasticsearchLayout layout, IndexNames names) => new()
    {
        ["name"] = name,
        ["role_descriptors"] = new JsonObject
        {
            ["ship"] = new JsonObject
            {
                ["cluster"] = new JsonArray(),
                ["indices"] = new JsonArray(new JsonObject
                {
                    ["names"] = layout == ElasticsearchLayout.DataStream
                        ? new JsonArray(names.DataStream, names.Checkpoints)
                        : new JsonArray(names.PeriodPattern, names.Checkpoints),
                    ["privileges"] = layout == ElasticsearchLayout.DataStream ? new JsonArray("create_doc") : new JsonArray("create_doc", "auto_configure"),
                }),
            },
        },
    };

    private static JsonObject Mappings(ElasticsearchDistribution distribution, IReadOnlySet<string> missingTypes) =>
        new() { ["dynamic"] = false, ["date_detection"] = false, ["properties"] = FieldMapping.Properties(distribution, missingTypes) };

    /// <summary>The parts of the data stream's name, which Elastic's own searches go by: the same for each of its events, so the index has them.</summary>
    private static JsonObject NameOf(IndexNames names, IReadOnlySet<string> missingTypes)
    {
        return new JsonObject
        {
            ["data_stream"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["type"] = Constant("logs"), ["dataset"] = Constant("securityaudit.events"), ["namespace"] = Constant(names.Namespace) },
            },
        };

        // Without the type there is no constant either, and an event is found by its stream's whole name alone.
        JsonObject Constant(string value) => missingTypes.Contains(FieldMapping.Constant)
            ? Type(FieldMapping.Plain(FieldMapping.Constant))
            : new JsonObject { ["type"] = FieldMapping.Constant, ["value"] = value };
    }

    private static JsonObject Type(string type) => new() { ["type"] = type };
}
