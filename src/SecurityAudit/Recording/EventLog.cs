using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
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
        Add(properties, EventFields.Action, e.Action);
        Add(properties, EventFields.Kind, e.Kind);
        Add(properties, EventFields.Category, e.Categories);
        Add(properties, EventFields.Type, e.Types);
        Add(properties, EventFields.Outcome, e.Outcome switch { EventOutcome.Success => "success", EventOutcome.Failure => "failure", _ => "unknown" });
        Add(properties, EventFields.Severity, (int)e.Severity);
        Add(properties, EventFields.Id, e.Id);
        Add(properties, EventFields.Reason, e.Reason);
        Add(properties, EventFields.Message, e.Message);
        Add(properties, EventFields.OwaspLevel, e.OwaspLevel);
        AddUser(properties, EventFields.User, e.User);
        AddUser(properties, EventFields.Target, e.Target);
        foreach (var (name, value) in e.Fields)
        {
            Add(properties, name, value);
        }

        if (!e.Attributes.IsEmpty)
        {
            var attributes = e.Attributes.Select(attribute => new LogEventProperty(attribute.Key, new ScalarValue(attribute.Value)));
            properties.Add(new LogEventProperty(EventFields.Attributes.Name, new StructureValue(attributes)));
        }

        return new LogEvent(e.Timestamp ?? default, LevelOf(e.Severity), exception: null, Template, properties);
    }

    private static void AddUser(List<LogEventProperty> properties, AccountFields account, AuditUser? user)
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
            Add(properties, account.Roles, user.Roles);
        }
    }

    private static void Add<T>(List<LogEventProperty> properties, Field<T> field, T? value) => Add(properties, field.Name, value);

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
