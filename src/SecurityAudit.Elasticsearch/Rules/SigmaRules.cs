using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>The rules as Sigma files: what is looked for, and a correlation where events count together.</summary>
/// <param name="Files">Each file's name and text.</param>
/// <param name="LeftOut">Conditions that Sigma has no rule for, each with the reason.</param>
internal sealed record SigmaRules(ImmutableArray<KeyValuePair<string, string>> Files, ImmutableArray<string> LeftOut)
{
    public static SigmaRules Of(RuleSet set)
    {
        var (files, leftOut) = (ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(), ImmutableArray.CreateBuilder<string>());
        foreach (var rule in set.Rules)
        {
            var documents = new List<string>();
            foreach (var form in RuleForm.Of([rule]))
            {
                var (made, reason) = Documents(form, set);
                documents.AddRange(made);
                if (made.Count == 0)
                {
                    leftOut.Add($"{form.Name}: {reason}");
                }
            }

            if (documents.Count > 0)
            {
                files.Add(KeyValuePair.Create(FileName(rule.Id), string.Join("---\n", documents)));
            }
        }

        return new SigmaRules(files.ToImmutable(), leftOut.ToImmutable());
    }

    /// <summary>Ten to seventy characters, as Sigma wants them.</summary>
    private static string FileName(string id) => $"security_audit_{(id.Length > 50 ? id[..50] : id)}.yml";

    private static (IReadOnlyList<string> Documents, string Reason) Documents(RuleForm form, RuleSet set)
    {
        switch (form.Condition)
        {
            case ThresholdCondition threshold when !PatternQuery.Alternatives(threshold.Events, set.Lists).Any():
            case SequenceCondition sequence when sequence.Steps.Any(step => !PatternQuery.Alternatives(step.Events, set.Lists).Any()):
                return ([], "it looks for a list (@administrators, @honeytokens) that is empty.");
            case ThresholdCondition { Count: 1, Distinct: null } single:
                return ([Events(form, set, single.Events, "", form.Name, isWhole: true)], "");
            case ThresholdCondition threshold:
                return ([Events(form, set, threshold.Events, "", form.Name + ", the events"), Counted(form, set, threshold)], "");
            case SequenceCondition sequence:
                var steps = sequence.Steps.Select((step, index) => Events(form, set, step.Events, $"-{index + 1}", $"{form.Name}, step {index + 1}"));
                return ([.. steps, Ordered(form, set, sequence)], "");
            case TravelCondition:
                return ([], "Sigma knows no distances between two events and no speeds.");
            default:
                return ([], "Sigma knows nothing of what was before: neither new values nor long absences.");
        }
    }

    private static string Events(RuleForm form, RuleSet set, EventPattern pattern, string part, string title, bool isWhole = false)
    {
        var yaml = new YamlText();
        var alternatives = PatternQuery.Alternatives(pattern, set.Lists).ToList();
        Head(yaml, form, part, title, isWhole, differences: isWhole ? form.Differences(set.Lists, groups: false) : []);
        if (!isWhole)
        {
            yaml.Scalar("name", Name(form, part));
        }

        yaml.Open("logsource").Scalar("product", "aspnetcore").Scalar("service", "security_audit").Close();
        yaml.Open("detection");
        for (var index = 0; index < alternatives.Count; index++)
        {
            yaml.Open(alternatives.Count == 1 ? "selection" : $"selection_{index + 1}");
            foreach (var (field, values) in alternatives[index])
            {
                Is(yaml, field, values);
            }

            yaml.Close();
        }

        var excepted = ExceptedSources.Fields([set.Exceptions, form.Rule.Exceptions]).ToList();
        for (var index = 0; index < excepted.Count; index++)
        {
            yaml.Open($"filter_{index + 1}");
            Is(yaml, excepted[index].Field, excepted[index].Values);
            yaml.Close();
        }

        yaml.Scalar("condition", (alternatives.Count == 1 ? "selection" : "1 of selection_*") + (excepted.Count == 0 ? "" : " and not 1 of filter_*")).Close();
        Foot(yaml, form, isWhole);
        return yaml.ToString();
    }

    private static string Counted(RuleForm form, RuleSet set, ThresholdCondition threshold)
    {
        var yaml = new YamlText();
        var differences = form.Differences(set.Lists, groups: true).Skip(1); // Sigma's time span moves with the events
        Head(yaml, form, "-counted", form.Name, true, threshold.Distinct is { } value
            ? differences.Append($"The {value.Count} values suffice, where SecurityAudit wants {threshold.Count} events, too.")
            : differences);
        yaml.Open("correlation").Scalar("type", threshold.Distinct is null ? "event_count" : "value_count").List("rules", [Name(form, "")]);
        yaml.List("group-by", threshold.GroupBy.IsEmpty ? [EventFields.ServiceName.Name] : threshold.GroupBy).Scalar("timespan", TimeSpanOf(threshold.Within));
        yaml.Open("condition");
        if (threshold.Distinct is { } distinct)
        {
            yaml.Scalar("field", distinct.Field);
        }

        yaml.Number("gte", threshold.Distinct?.Count ?? threshold.Count).Close().Close();
        Foot(yaml, form, true);
        return yaml.ToString();
    }

    private static string Ordered(RuleForm form, RuleSet set, SequenceCondition sequence)
    {
        var yaml = new YamlText();
        var joins = EqlSequence.Joins(sequence);
        Head(yaml, form, "-ordered", form.Name, true, EqlSequence.OpenFields(sequence, joins, "Sigma").Concat(form.Differences(set.Lists, groups: true)));
        yaml.Open("correlation").Scalar("type", "temporal_ordered").List("rules", [.. sequence.Steps.Select((_, index) => Name(form, $"-{index + 1}"))]);
        var renamed = joins.Where(join => join.Distinct(StringComparer.Ordinal).Count() > 1).ToList();
        if (renamed.Count > 0)
        {
            yaml.Open("aliases");
            foreach (var join in renamed)
            {
                yaml.Open(Alias(join));
                for (var index = 0; index < join.Length; index++)
                {
                    yaml.Scalar(Name(form, $"-{index + 1}"), join[index]);
                }

                yaml.Close();
            }

            yaml.Close();
        }

        yaml.List("group-by", [.. joins.Select(join => renamed.Contains(join) ? Alias(join) : join[0])]).Scalar("timespan", TimeSpanOf(sequence.Within)).Close();
        Foot(yaml, form, true);
        return yaml.ToString();
    }

    private static string Alias(string[] join) => "same_" + join[^1].Replace('.', '_');

    private static void Head(YamlText yaml, RuleForm form, string part, string title, bool isWhole, IEnumerable<string> differences)
    {
        yaml.Scalar("title", title.Length > 240 ? title[..240] : title).Scalar("id", Id(form.Id + part)).Scalar("status", "experimental");
        yaml.Scalar("description", isWhole ? string.Join(' ', differences.Prepend(form.Rule.Description)) : $"What the correlation of {form.Name} counts.");
        yaml.Scalar("author", "SecurityAudit");
        if (isWhole && form.Rule.Reference is { } reference)
        {
            yaml.List("references", [reference]);
        }

        if (isWhole && form.Rule.Technique is { } attack)
        {
            yaml.List("tags", [
                "attack." + attack.Tactic.ToLowerInvariant().Replace(' ', '-'), "attack." + attack.Id.ToLowerInvariant(),
                .. attack.SubtechniqueId is { } sub ? ["attack." + sub.ToLowerInvariant()] : Array.Empty<string>(),
            ]);
        }
    }

    private static void Foot(YamlText yaml, RuleForm form, bool isWhole)
    {
        if (isWhole)
        {
            yaml.Scalar("level", SeverityConverter.Text(form.Rule.Severity));
        }
    }

    private static void Is(YamlText yaml, string field, ImmutableArray<string> values)
    {
        var type = AuditFields.Find(field)?.Type;
        if (values.Contains("*"))
        {
            yaml.Raw(field + "|exists", "true");
        }
        else if (type == FieldType.Ip && values.Any(value => value.Contains('/', StringComparison.Ordinal)))
        {
            yaml.List(field + "|cidr", values);
        }
        else if (values is [var one] && (type == FieldType.Boolean || type == FieldType.Long))
        {
            yaml.Raw(field, one);
        }
        else
        {
            yaml.List(field, [.. values.Select(Literal)]);
        }
    }

    /// <summary>A star at the end stands for any rest, as in our rules; what else has a meaning for Sigma is a character.</summary>
    private static string Literal(string value)
    {
        var (whole, star) = value.EndsWith('*') ? (value[..^1], "*") : (value, "");
        return whole.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal) + star;
    }

    private static string Name(RuleForm form, string part) => (form.Id + part).Replace('-', '_');

    /// <summary>The same for ever, of the rule's name.</summary>
    private static string Id(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes("sigma:" + name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private static string TimeSpanOf(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds) switch
    {
        var seconds when seconds % 3600 == 0 => $"{seconds / 3600}h",
        var seconds when seconds % 60 == 0 => $"{seconds / 60}m",
        var seconds => $"{seconds}s",
    };
}
