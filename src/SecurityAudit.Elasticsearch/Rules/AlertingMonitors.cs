using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>The rules as monitors of OpenSearch's Alerting, switched off and without actions: where to tell is the owner's.</summary>
/// <param name="Monitors">A JSON object each, as the plugin takes it.</param>
/// <param name="LeftOut">Conditions that Alerting has no monitor for, each with the reason.</param>
internal sealed record AlertingMonitors(ImmutableArray<JsonObject> Monitors, ImmutableArray<string> LeftOut)
{
    /// <summary>One a line.</summary>
    public string Ndjson() => string.Concat(Monitors.Select(monitor => System.Text.Encoding.UTF8.GetString(JsonBody.Of(monitor, Readable).Span) + "\n"));

    private static JsonWriterOptions Readable => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static AlertingMonitors Of(RuleSet set)
    {
        var (made, leftOut) = (ImmutableArray.CreateBuilder<JsonObject>(), ImmutableArray.CreateBuilder<string>());
        foreach (var form in RuleForm.Of(set.Rules))
        {
            if (form.Condition is not ThresholdCondition threshold)
            {
                leftOut.Add($"{form.Name}: Alerting's monitors know no order of events and nothing of what was before.");
            }
            else if (PatternQuery.Of(threshold.Events, set.Lists) is not { } wanted)
            {
                leftOut.Add($"{form.Name}: it looks for a list (@administrators, @honeytokens) that is empty.");
            }
            else
            {
                made.Add(threshold switch
                {
                    { Count: 1, Distinct: null } => PerDocument(form, set, threshold),
                    { GroupBy.Length: > 0 } => PerBucket(form, set, threshold, wanted),
                    _ => PerQuery(form, set, threshold, wanted),
                });
            }
        }

        return new AlertingMonitors(made.ToImmutable(), leftOut.ToImmutable());
    }

    private static JsonObject PerDocument(RuleForm form, RuleSet set, ThresholdCondition threshold)
    {
        var name = form.Id.Replace('-', '_');
        var input = new JsonObject
        {
            ["description"] = form.Rule.Description,
            ["indices"] = new JsonArray(IndexNames.EventsPattern),
            ["queries"] = new JsonArray(new JsonObject
            {
                ["id"] = name, ["name"] = name, ["query"] = LuceneQuery.Of(threshold.Events, set.Lists, [set.Exceptions, form.Rule.Exceptions]), ["tags"] = new JsonArray(),
            }),
        };
        return Monitor(form, "doc_level_monitor", new JsonObject { ["doc_level_input"] = input }, "document_level_trigger", Script($"query[name={name}]"));
    }

    private static JsonObject PerBucket(RuleForm form, RuleSet set, ThresholdCondition threshold, JsonObject wanted)
    {
        var composite = new JsonObject
        {
            ["composite"] = new JsonObject
            {
                ["size"] = 1000,
                ["sources"] = new JsonArray([.. threshold.GroupBy.Select(field => new JsonObject
                {
                    [field.Replace('.', '_')] = new JsonObject { ["terms"] = new JsonObject { ["field"] = field } },
                })]),
            },
        };
        var (paths, source) = (new JsonObject { ["_count"] = "_count" }, Text($"params._count >= {threshold.Count}"));
        if (threshold.Distinct is { } distinct)
        {
            composite["aggregations"] = new JsonObject { ["distinct"] = Cardinality(distinct) };
            paths["distinct"] = "distinct";
            source += Text($" && params.distinct >= {distinct.Count}");
        }

        var condition = Script(source);
        (condition["buckets_path"], condition["parent_bucket_path"], condition["gap_policy"]) = (paths, "composite_agg", "skip");
        return Monitor(
            form, "bucket_level_monitor", Search(form, set, threshold, wanted, new JsonObject { ["composite_agg"] = composite }), "bucket_level_trigger", condition);
    }

    private static JsonObject PerQuery(RuleForm form, RuleSet set, ThresholdCondition threshold, JsonObject wanted)
    {
        var (aggregations, source) = (new JsonObject(), Text($"ctx.results[0].hits.total.value >= {threshold.Count}"));
        if (threshold.Distinct is { } distinct)
        {
            aggregations["distinct"] = Cardinality(distinct);
            source += Text($" && ctx.results[0].aggregations.distinct.value >= {distinct.Count}");
        }

        return Monitor(form, "query_level_monitor", Search(form, set, threshold, wanted, aggregations), "query_level_trigger", Script(source));
    }

    private static JsonObject Search(RuleForm form, RuleSet set, ThresholdCondition threshold, JsonObject wanted, JsonObject aggregations) => new()
    {
        ["search"] = new JsonObject
        {
            ["indices"] = new JsonArray(IndexNames.EventsPattern),
            ["query"] = new JsonObject
            {
                ["size"] = 0,
                ["track_total_hits"] = true,
                ["query"] = new JsonObject
                {
                    ["bool"] = new JsonObject
                    {
                        ["filter"] = new JsonArray(
                            new JsonObject
                            {
                                ["range"] = new JsonObject
                                {
                                    [JournalFields.Timestamp.Name] = new JsonObject
                                    {
                                        ["gte"] = Text($"{{{{period_end}}}}||-{Minutes(RuleForm.ReachOf(threshold.Within))}m"), ["lte"] = "{{period_end}}",
                                        ["format"] = "epoch_millis",
                                    },
                                },
                            },
                            wanted),
                        ["must_not"] = new JsonArray([.. ExceptedSources.Queries([set.Exceptions, form.Rule.Exceptions])]),
                    },
                },
                ["aggregations"] = aggregations,
            },
        },
    };

    private static JsonObject Monitor(RuleForm form, string type, JsonObject input, string trigger, JsonObject condition)
    {
        var interval = form.Condition is ThresholdCondition { Count: > 1 } threshold ? Minutes(RuleForm.IntervalOf(threshold.Within)) : 1;
        return new JsonObject
        {
            ["type"] = "monitor", ["name"] = $"SecurityAudit: {form.Name}", ["monitor_type"] = type, ["enabled"] = false,
            ["schedule"] = new JsonObject { ["period"] = new JsonObject { ["interval"] = interval, ["unit"] = "MINUTES" } },
            ["inputs"] = new JsonArray(input),
            ["triggers"] = new JsonArray(new JsonObject
            {
                [trigger] = new JsonObject
                {
                    ["id"] = form.Id, ["name"] = form.Name, ["severity"] = Severity(form.Rule.Severity), ["condition"] = condition, ["actions"] = new JsonArray(),
                },
            }),
        };
    }

    private static JsonObject Cardinality(DistinctCondition distinct) => new() { ["cardinality"] = new JsonObject { ["field"] = distinct.Field } };

    private static JsonObject Script(string source) => new() { ["script"] = new JsonObject { ["source"] = source, ["lang"] = "painless" } };

    /// <summary>One is the highest, a text.</summary>
    private static string Severity(EventSeverity severity) => severity switch
    {
        EventSeverity.Critical => "1",
        EventSeverity.High => "2",
        EventSeverity.Medium => "3",
        _ => "4",
    };

    private static int Minutes(TimeSpan time) => (int)time.TotalMinutes;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
