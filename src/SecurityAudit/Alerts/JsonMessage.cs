using System.Text.Json;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>The shape <see cref="AlertWebhookShape.Json"/>: members without a value are left out.</summary>
internal static class JsonMessage
{
    public static void Write(Utf8JsonWriter json, AlertDelivery delivery)
    {
        json.WriteStartObject();
        json.WriteString("id", delivery.Id);
        json.WriteString("type", delivery.IsTest ? "test" : delivery.Digest is null ? "alert" : "digest");
        json.WriteString("title", delivery.Title);
        json.WriteString("sentence", delivery.Sentence);
        if (delivery.Alert is { } alert)
        {
            json.WriteStartObject("alert");
            Write(json, alert);
            json.WriteEndObject();
        }

        if (delivery.Digest is { } digest)
        {
            json.WriteStartObject("digest");
            Write(json, digest);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AlertDigest digest)
    {
        json.WriteNumber("total", digest.Total);
        json.WriteString("from", digest.From);
        json.WriteString("to", digest.To);
        json.WriteObjects("rows", digest.Rows, row =>
        {
            json.WriteString("rule_id", row.RuleId);
            json.WriteString("rule_name", row.RuleName);
            json.WriteString("severity", SeverityConverter.Text(row.Severity));
            json.WriteNumber("raised", row.Raised);
            json.WriteNumber("updates", row.Updates);
        });
        json.WriteObjects("worst", digest.Worst, alert => Write(json, alert));
    }

    private static void Write(Utf8JsonWriter json, AlertNotification alert)
    {
        json.WriteString("id", alert.Id);
        json.WriteString("stage", alert.Stage switch { AlertStage.Raised => "raised", AlertStage.Summary => "summary", _ => "resolved" });
        json.WriteString("rule_id", alert.RuleId);
        json.WriteString("rule_name", alert.RuleName);
        Text(json, "rule_description", alert.RuleDescription);
        json.WriteString("severity", SeverityConverter.Text(alert.Severity));
        json.WriteNumber("risk_score", alert.RiskScore);
        json.WriteString("sentence", alert.Sentence);
        Text(json, "advice", alert.Advice);
        Text(json, "query", alert.Query);
        Text(json, "command", alert.Command);
        Text(json, "technique", alert.Technique);
        Moment(json, "start", alert.Start);
        Moment(json, "end", alert.End);
        json.WriteNumber("attempts", alert.Attempts);
        json.WriteNumber("distinct", alert.Distinct);
        Text(json, "group", alert.Group);
        json.WriteStartObject("subject");
        foreach (var (field, value) in alert.Subject)
        {
            json.WriteString(field, value);
        }

        json.WriteEndObject();
        json.WriteTexts("events", alert.EventIds);
        Text(json, "service", alert.ServiceName);
        Text(json, "environment", alert.ServiceEnvironment);
        Text(json, "host", alert.HostName);
        Text(json, "event_id", alert.EventId);
        Text(json, "log", alert.LogId);
        if (alert.Sequence is { } sequence)
        {
            json.WriteNumber("sequence", sequence);
        }

        json.WriteString("timestamp", alert.Timestamp);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Moment(Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } moment)
        {
            json.WriteString(name, moment);
        }
    }
}
