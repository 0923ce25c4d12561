using System.Globalization;
using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Elasticsearch.Tests.AcrossNodes;

namespace SecurityAudit.Elasticsearch.Tests.Rules;

/// <summary>The rules as Kibana takes them, and what its threshold rules say of an hour that SecurityAudit judges.</summary>
public sealed class KibanaRulesTests(Engines engines)
{
    private static readonly string[] Always =
    [
        "rule_id", "version", "name", "description", "risk_score", "severity", "type", "enabled", "interval", "from", "to", "query", "language",
    ];

    [Fact]
    public void EachLineIsARuleAsKibanaImportsIt()
    {
        var lines = KibanaRules.Of(ExportedRules.WithOwn).Ndjson().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();

        Assert.Equal(lines.Count, lines.Select(rule => (string)rule["rule_id"]!).Distinct().Count());
        foreach (var rule in lines)
        {
            Assert.All(Always, field => Assert.NotNull(rule[field]));
            Assert.False((bool)rule["enabled"]!);
            Assert.InRange((int)rule["risk_score"]!, 1, 100);
            Assert.Contains((string)rule["severity"]!, new[] { "low", "medium", "high", "critical" });
            Assert.StartsWith("## What to do next\n\n", (string)rule["note"]!, StringComparison.Ordinal);
            Assert.DoesNotContain("{", (string)rule["note"]!, StringComparison.Ordinal);
            Assert.DoesNotContain("@administrators", rule.ToJsonString(), StringComparison.Ordinal);
            foreach (var threat in rule["threat"]!.AsArray())
            {
                Assert.All(
                    [threat!["tactic"]!, .. threat["technique"]!.AsArray().Select(technique => technique!)],
                    named => Assert.All(["id", "name", "reference"], part => Assert.NotNull((string?)named[part])));
            }

            var reach = Minutes((string)rule["from"]!);
            Assert.True(reach > Minutes((string)rule["interval"]!), $"{rule["name"]} looks back {reach} minutes, less than between two looks.");
            Assert.NotNull((string)rule["type"]! switch
            {
                "threshold" => rule["threshold"]!["value"],
                "new_terms" => rule["new_terms_fields"]![0],
                "eql" => rule["tiebreaker_field"],
                _ => null,
            });
        }
    }

    [Fact]
    public void ARuleSaysWhatItsDataSay()
    {
        var rules = KibanaRules.Of(ExportedRules.WithOwn).Rules.ToDictionary(rule => (string)rule["rule_id"]!, StringComparer.Ordinal);

        var spray = rules["security-audit-password-spraying"];
        Assert.Equal("""{"field":["source.ip"],"value":15,"cardinality":[{"field":"user.hash","value":5}]}""", spray["threshold"]!.ToJsonString());
        Assert.Equal("""(event.action : ("authn_login_fail" or "authn_mfa_fail")) and not source.ip : "2001:db8::/32" """.TrimEnd(), (string)spray["query"]!);
        Assert.Contains("Of one value of user.hash all events count, not 8 at most", (string)spray["note"]!, StringComparison.Ordinal);
        Assert.Contains("Nothing takes back what was counted", (string)spray["note"]!, StringComparison.Ordinal);
        Assert.Equal(("now-65m", "5m"), ((string)spray["from"]!, (string)spray["interval"]!));
        Assert.Equal("T1110.003", (string)spray["threat"]![0]!["technique"]![0]!["subtechnique"]![0]!["id"]!);
        const string left = " and not cidrMatch(source.ip, \"2001:db8::/32\")]";
        const string changes = "\"authz_change\", \"authz_admin\", \"user_created\", \"user_deleted\", \"user_updated\", \"user_email_changed\", \"authn_login_lock\"";
        Assert.Equal(
            [
                "sequence with maxspan=600s",
                "  [any where (event.action == \"authz_change\" and event.outcome == \"success\" and security_audit.change.after == \"Admin\""
                    + " and user.id != null and user.target.id != null)" + left + " by user.target.id",
                $"  [any where (event.action in ({changes}, \"authn_unlock\", \"authn_password_change\") and user.target.id != null){left} by user.id",
            ],
            ((string)rules["security-audit-privilege-escalation-2"]["query"]!).Split('\n'));
        Assert.Contains("Step 3 need not have the source.ip", (string)rules["security-audit-success-after-attack-2"]["note"]!, StringComparison.Ordinal);
        Assert.Equal("""["user.id","source.ip"]""", rules["security-audit-new-source-for-administrator"]["new_terms_fields"]!.ToJsonString());
        Assert.Equal("now-90d", (string)rules["security-audit-dormant-account"]["history_window_start"]!);
        Assert.Equal(
            """(event.action : http_* and url.path : (/a \(b\) \and c* or "/x\"y\\z")) and not source.ip : ("2001:db8::/32" or "10.0.0.0/8" or "192.0.2.7")"""
            + """ and not user.id : "probe" and not user.name : "probe" and not user_agent.original : Mozilla/5.0 \(X11*""",
            (string)rules["security-audit-own-probe"]["query"]!);
    }

    [Fact]
    public void WhatKibanaHasNoRuleForIsLeftOutAndTold()
    {
        var made = KibanaRules.Of(ExportedRules.BuiltIn with { Lists = new RuleLists(["Admin"], [], []).Of(new DetectionSettings()) });

        Assert.Equal("Impossible travel: Kibana knows no distances between two events and no speeds.", Assert.Single(made.LeftOut));
        Assert.Equal("event.action : \"honeytoken_used\"", (string)made.Rules.Single(rule => (string)rule["rule_id"]! == "security-audit-honeytoken")["query"]!);
    }

    /// <summary>
    /// The differences are those that the rules' notes name: honest people who are not taken back, a broken link that counts in full, an
    /// event
    /// that stands for many. All else is told by both.
    /// </summary>
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task KibanasThresholdRulesTellTheSameButForWhatTheirNotesName(string engine)
    {
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, AttackHour.Events());
        var kept = new KeptAlerts();
        await shop.Detection(kept).PassAsync(AttackHour.End, TimeSpan.Zero, TestContext.Current.CancellationToken);
        var thresholds = RuleForm.Of(ExportedRules.BuiltIn.Rules).Where(form => form.Condition is ThresholdCondition)
            .ToDictionary(form => form.Id, form => form, StringComparer.Ordinal);

        var kibana = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var rule in KibanaRules.Of(ExportedRules.BuiltIn).Rules.Where(rule => (string)rule["type"]! == "threshold"))
        {
            foreach (var group in await SaysAsync(shop, rule))
            {
                kibana.Add($"{thresholds[(string)rule["rule_id"]!].Rule.Id} {group}");
            }
        }

        var ours = kept.All
            .Where(alert => alert.Kind == "alert" && RuleCatalogue.BuiltIn[(string)alert["rule.id"]!].When[(int)alert["security_audit.alert.condition"]! - 1] is ThresholdCondition)
            .Select(alert => $"{alert["rule.id"]} {Group(alert)}").ToHashSet(StringComparer.Ordinal);
        Assert.Equal(["rate_limit_storm 203.0.113.9"], ours.Except(kibana)); // one event for 131: security_audit.repeated
        Assert.Equal(
            [
                "credential_stuffing 198.51.100.10", // an office that mistypes: takenBackBy
                "password_spraying 198.51.100.10", // likewise
            ],
            kibana.Except(ours).Order(StringComparer.Ordinal));
    }

    /// <summary>The fields of the group, as Kibana names it.</summary>
    private static string Group(SecurityEvent alert)
    {
        var rule = RuleCatalogue.BuiltIn[(string)alert["rule.id"]!];
        var condition = (ThresholdCondition)rule.When[(int)alert["security_audit.alert.condition"]! - 1];
        return string.Join(", ", condition.GroupBy.Select(field => field switch
        {
            "event.action" => alert["security_audit.alert.group"],
            "user.id" => alert.User?.Id,
            _ => alert[field],
        }));
    }

    /// <summary>
    /// Look after look, as Kibana's own query does it: the groups by a composite aggregation, the different values by a cardinality.
    /// </summary>
    private static async Task<SortedSet<string>> SaysAsync(ShopOfNodes shop, JsonObject rule)
    {
        var groups = new SortedSet<string>(StringComparer.Ordinal);
        var (reach, interval) = (Minutes((string)rule["from"]!), Minutes((string)rule["interval"]!));
        var threshold = rule["threshold"]!;
        var fields = threshold["field"]!.AsArray().Select(field => (string)field!).ToList();
        var distinct = threshold["cardinality"]?[0];
        var aggregations = new JsonObject();
        if (distinct is not null)
        {
            aggregations["values"] = new JsonObject { ["cardinality"] = new JsonObject { ["field"] = (string)distinct["field"]! } };
        }

        var looks = Enumerable.Range(1, (int)((AttackHour.End - AttackHour.Begin).TotalMinutes / interval) + 1)
            .Select(look => AttackHour.Begin.AddMinutes(look * interval)).SelectMany(look =>
        {
            var filter = new JsonArray(
                PatternQuery.Between(look.AddMinutes(-reach), look),
                new JsonObject { ["query_string"] = new JsonObject { ["query"] = Lucene((string)rule["query"]!) } });
            var body = new JsonObject { ["size"] = 0, ["track_total_hits"] = true, ["query"] = new JsonObject { ["bool"] = new JsonObject { ["filter"] = filter } } };
            body["aggs"] = fields.Count == 0 ? aggregations.DeepClone() : new JsonObject
            {
                ["groups"] = new JsonObject
                {
                    ["composite"] = new JsonObject
                    {
                        ["size"] = 1000,
                        ["sources"] = new JsonArray([.. fields.Select(field => new JsonObject { [field] = new JsonObject { ["terms"] = new JsonObject { ["field"] = field } } })]),
                    },
                    ["aggs"] = aggregations.DeepClone(),
                },
            };
            return new[] { "{}", body.ToJsonString() };
        });
        var answers = await shop.World.Connection.SendLinesAsync(shop.World.Target.Search + "/_msearch", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', looks) + "\n"));
        foreach (var answer in JsonNode.Parse(answers.Body.Span)!["responses"]!.AsArray())
        {
            if (fields.Count == 0)
            {
                if ((int)answer!["hits"]!["total"]!["value"]! >= (int)threshold["value"]! && Enough(answer["aggregations"]!))
                {
                    groups.Add("");
                }

                continue;
            }

            foreach (var bucket in answer!["aggregations"]!["groups"]!["buckets"]!.AsArray()
                .Where(bucket => (int)bucket!["doc_count"]! >= (int)threshold["value"]! && Enough(bucket)))
            {
                groups.Add(string.Join(", ", fields.Select(field => (string?)bucket!["key"]![field])));
            }
        }

        return groups;

        bool Enough(JsonNode found) => distinct is null || (int)found["values"]!["value"]! >= (int)distinct["value"]!;
    }

    /// <summary>The part of Kibana's language that rules use, in that of the engine.</summary>
    private static string Lucene(string kql) => string.Join('"', kql.Split('"').Select((part, index) => index % 2 == 1 ? part // within quotation marks
        : part.Replace(" : ", ":", StringComparison.Ordinal).Replace(" or ", " OR ", StringComparison.Ordinal).Replace(" and ", " AND ", StringComparison.Ordinal)));

    private static int Minutes(string text) => int.Parse(text.Replace("now-", "", StringComparison.Ordinal).TrimEnd('m'), CultureInfo.InvariantCulture);
}
