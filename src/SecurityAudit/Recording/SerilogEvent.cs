using System.Collections.Immutable;
using Serilog.Events;
using Serilog.Parsing;

namespace SecurityAudit.Recording;

/// <summary>Turns a finished event into a Serilog <see cref="LogEvent"/> whose property names are the ECS field names.</summary>
internal static class SerilogEvent
{
    private static readonly MessageTemplate Template = new("{message:l}", [new PropertyToken("message", "{message:l}", "l")]);
    private static readonly ScalarValue True = new(true);
    private static readonly ScalarValue False = new(false);
    private static readonly ScalarValue Low = new((int)EventSeverity.Low);
    private static readonly ScalarValue Medium = new((int)EventSeverity.Medium);
    private static readonly ScalarValue High = new((int)EventSeverity.High);
    private static readonly ScalarValue Critical = new((int)EventSeverity.Critical);
    private static readonly SequenceValue Empty = new([]);

    /// <param name="e">The event, enriched and redacted.</param>
    /// <param name="properties">Empty; becomes the properties of what is returned.</param>
    public static LogEvent From(SecurityEvent e, SerilogProperties properties)
    {
        Add(properties, "event.action", e.Action);
        Add(properties, "event.kind", e.Kind);
        Add(properties, "event.category", e.Categories);
        Add(properties, "event.type", e.Types);
        Add(properties, "event.outcome", e.Outcome switch { EventOutcome.Success => "success", EventOutcome.Failure => "failure", _ => "unknown" });
        properties["event.severity"] = SeverityOf(e.Severity);
        Add(properties, "event.id", e.Id);
        Add(properties, "event.reason", e.Reason);
        Add(properties, "message", e.Message);
        Add(properties, "security_audit.owasp.level", e.OwaspLevel);
        AddUser(properties, "user", e.User);
        AddUser(properties, "user.target", e.Target);
        foreach (var (name, value) in e.Fields)
        {
            if (value is not null)
            {
                properties[name] = ValueOf(value);
            }
        }

        if (!e.Attributes.IsEmpty)
        {
            properties["security_audit.attributes"] =
                new StructureValue(e.Attributes.Select(attribute => new LogEventProperty(attribute.Key, new ScalarValue(attribute.Value))));
        }

        return LogEvent.UnstableAssembleFromParts(
            e.Timestamp ?? default, LevelOf(e.Severity), exception: null, Template, properties, traceId: default, spanId: default);
    }

    private static void AddUser(SerilogProperties properties, string prefix, AuditUser? user)
    {
        if (user is null)
        {
            return;
        }

        Add(properties, prefix + ".id", user.Id);
        Add(properties, prefix + ".name", user.Name);
        Add(properties, prefix + ".email", user.Email);
        if (!user.Roles.IsDefaultOrEmpty)
        {
            Add(properties, prefix + ".roles", user.Roles);
        }
    }

    private static void Add(SerilogProperties properties, string name, string? value)
    {
        if (value is not null)
        {
            properties[name] = new ScalarValue(value);
        }
    }

    private static void Add(SerilogProperties properties, string name, ImmutableArray<string> values) => properties[name] = ListOf(values);

    private static LogEventPropertyValue ValueOf(object value) => value switch
    {
        string or int or long or double => new ScalarValue(value),
        bool flag => flag ? True : False,
        ImmutableArray<string> texts => ListOf(texts),
        _ => throw new NotSupportedException($"A {value.GetType().Name} is not a value that redaction leaves in an audit event."),
    };

    private static SequenceValue ListOf(ImmutableArray<string> texts)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return Empty;
        }

        var values = new LogEventPropertyValue[texts.Length];
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = new ScalarValue(texts[at]);
        }

        return new SequenceValue(values);
    }

    private static ScalarValue SeverityOf(EventSeverity severity) => severity switch
    {
        EventSeverity.Low => Low,
        EventSeverity.Medium => Medium,
        EventSeverity.High => High,
        EventSeverity.Critical => Critical,
        _ => new ScalarValue((int)severity),
    };

    private static LogEventLevel LevelOf(EventSeverity severity) => severity switch
    {
        EventSeverity.Critical => LogEventLevel.Fatal,
        EventSeverity.High => LogEventLevel.Error,
        EventSeverity.Medium => LogEventLevel.Warning,
        _ => LogEventLevel.Information,
    };
}
