using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
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

    /// <param name="e">The event, enriched and redacted.</param>
    /// <param name="properties">Empty; becomes the properties of what is returned.</param>
    public static LogEvent From(SecurityEvent e, SerilogProperties properties)
    {
        Add(properties, EventFields.Action, e.Action);
        Add(properties, EventFields.Kind, e.Kind);
        properties[EventFields.Category.Name] = EcsLists.Of(e.Categories);
        properties[EventFields.Type.Name] = EcsLists.Of(e.Types);
        Add(properties, EventFields.Outcome, e.Outcome switch { EventOutcome.Success => "success", EventOutcome.Failure => "failure", _ => "unknown" });
        properties[EventFields.Severity.Name] = SeverityOf(e.Severity);
        Add(properties, EventFields.Id, e.Id);
        Add(properties, EventFields.Reason, e.Reason);
        Add(properties, EventFields.Message, e.Message);
        Add(properties, EventFields.OwaspLevel, e.OwaspLevel);
        AddUser(properties, EventFields.User, e.User);
        AddUser(properties, EventFields.Target, e.Target);
        AddUser(properties, EventFields.Effective, e.Effective);
        foreach (var (name, value) in e.Fields)
        {
            if (value is not null)
            {
                properties[name] = ValueOf(value);
            }
        }

        if (!e.Attributes.IsEmpty)
        {
            properties[EventFields.Attributes.Name] =
                new StructureValue(e.Attributes.Select(attribute => new LogEventProperty(attribute.Key, new ScalarValue(attribute.Value))));
        }

        return LogEvent.UnstableAssembleFromParts(
            e.Timestamp ?? default, LevelOf(e.Severity), exception: null, Template, properties, traceId: default, spanId: default);
    }

    private static void AddUser(SerilogProperties properties, AccountFields account, AuditUser? user)
    {
        if (user is null)
        {
            return;
        }

        Add(properties, account.Id, user.Id);
        Add(properties, account.Name, user.Name);
        Add(properties, account.Email, user.Email);
        if (!user.Roles.IsDefaultOrEmpty)
        {
            properties[account.Roles.Name] = EcsLists.Made(user.Roles);
        }
    }

    private static void Add(SerilogProperties properties, Field<string> field, string? value)
    {
        if (value is not null)
        {
            properties[field.Name] = new ScalarValue(value);
        }
    }

    private static LogEventPropertyValue ValueOf(object value) => value switch
    {
        string or int or long or double => new ScalarValue(value),
        bool flag => flag ? True : False,
        ImmutableArray<string> texts => EcsLists.Made(texts),
        _ => throw new NotSupportedException($"A {value.GetType().Name} is not a value that redaction leaves in an audit event."),
    };

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
