using System.Collections.Immutable;
using Serilog.Events;
using Serilog.Parsing;

namespace SecurityAudit.Recording;

/// <summary>Turns a finished event into a Serilog <see cref="LogEvent"/> whose property names are the ECS field names.</summary>
internal static class EventLog
{
    private static readonly MessageTemplate Template = new("{message:l}", [new PropertyToken("message", "{message:l}", "l")]);

    public static LogEvent From(SecurityEvent e)
    {
        var properties = new List<LogEventProperty>(40);
        Add(properties, "event.action", e.Action);
        Add(properties, "event.kind", e.Kind);
        Add(properties, "event.category", e.Categories);
        Add(properties, "event.type", e.Types);
        Add(properties, "event.outcome", e.Outcome switch { EventOutcome.Success => "success", EventOutcome.Failure => "failure", _ => "unknown" });
        Add(properties, "event.severity", (int)e.Severity);
        Add(properties, "event.id", e.Id);
        Add(properties, "event.reason", e.Reason);
        Add(properties, "message", e.Message);
        Add(properties, "security_audit.owasp.level", e.OwaspLevel);
        AddUser(properties, "user", e.User);
        AddUser(properties, "user.target", e.Target);
        foreach (var (name, value) in e.Fields)
        {
            Add(properties, name, value);
        }

        if (!e.Attributes.IsEmpty)
        {
            var attributes = e.Attributes.Select(attribute => new LogEventProperty(attribute.Key, new ScalarValue(attribute.Value)));
            properties.Add(new LogEventProperty("security_audit.attributes", new StructureValue(attributes)));
        }

        return new LogEvent(e.Timestamp ?? default, LevelOf(e.Severity), exception: null, Template, properties);
    }

    private static void AddUser(List<LogEventProperty> properties, string prefix, AuditUser? user)
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

    private static void Add(List<LogEventProperty> properties, string name, object? value)
    {
        if (value is not null)
        {
            properties.Add(new LogEventProperty(name, ValueOf(value)));
        }
    }

    private static LogEventPropertyValue ValueOf(object value) => value switch
    {
        ImmutableArray<string> texts => new SequenceValue(texts.IsDefault ? [] : texts.Select(text => new ScalarValue(text))),
        IEnumerable<string> texts => new SequenceValue(texts.Select(text => new ScalarValue(text))),
        string or bool or int or long or double => new ScalarValue(value),
        IFormattable formattable => new ScalarValue(formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture)),
        _ => new ScalarValue(value.ToString()),
    };

    private static LogEventLevel LevelOf(EventSeverity severity) => severity switch
    {
        EventSeverity.Critical => LogEventLevel.Fatal,
        EventSeverity.High => LogEventLevel.Error,
        EventSeverity.Medium => LogEventLevel.Warning,
        _ => LogEventLevel.Information,
    };
}
