using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Redaction;

/// <summary>The last stage before the journal, on the typed event. Fails closed: what cannot be redacted is left out, the event stays and says so.</summary>
internal sealed class EventRedactor(TextRedactor texts, AuditMetrics metrics)
{
    private const string Unknown = "unknown";

    public SecurityEvent Redact(SecurityEvent e)
    {
        var findings = new RedactionFindings();
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>(e.Fields.Length + 2);
        var attributes = ImmutableArray.CreateBuilder<KeyValuePair<string, string?>>(e.Attributes.Length + 1);
        foreach (var (name, value) in e.Attributes)
        {
            if (texts.Text(name, value, findings) is { } text)
            {
                attributes.Add(new(name, text));
            }
        }

        foreach (var (name, value) in e.Fields)
        {
            if (name == EventFields.Truncated.Name && value is ImmutableArray<string> leftOut)
            {
                findings.Truncated.AddRange(leftOut);
            }
            else if (Value(name, value, findings) is not { } kept)
            {
                continue;
            }
            else if (IsSaid(name, e))
            {
                // The event's own user wins; what else was said of it stands beside.
                AddBeside(attributes, name, FieldValue.TextOf(kept));
            }
            else
            {
                fields.Add(new(name, kept));
            }
        }

        var redacted = e with
        {
            Action = ActionOf(e.Action, attributes, findings),
            Kind = texts.Text(EventFields.Kind.Name, e.Kind, findings) ?? Unknown,
            Categories = texts.Texts(EventFields.Category.Name, e.Categories, findings),
            Types = texts.Texts(EventFields.Type.Name, e.Types, findings),
            OwaspLevel = texts.Text(EventFields.OwaspLevel.Name, e.OwaspLevel, findings),
            Id = texts.Text(EventFields.Id.Name, e.Id, findings),
            Reason = texts.Text(EventFields.Reason.Name, e.Reason, findings),
            Message = texts.Text(EventFields.Message.Name, e.Message, findings),
            User = User(EventFields.User, e.User, findings),
            Target = User(EventFields.Target, e.Target, findings),
            Attributes = attributes.ToImmutable(),
        };
        redacted = redacted with { Fields = fields.ToImmutable() };
        if (e.Message is null)
        {
            var said = redacted;
            redacted = said with { Message = texts.Sentence(EventFields.Message.Name, () => said.Sentence(said), findings) };
        }

        return findings is { Failed: false, Truncated.Count: 0 } ? redacted : redacted with { Fields = Marked(fields, findings) };
    }

    private ImmutableArray<KeyValuePair<string, object?>> Marked(ImmutableArray<KeyValuePair<string, object?>>.Builder fields, RedactionFindings findings)
    {
        if (findings.Failed)
        {
            metrics.Failed("redaction");
            fields.Add(new(EventFields.Redaction.Name, "failed"));
        }

        if (findings.Truncated.Count > 0)
        {
            fields.Add(new(EventFields.Truncated.Name, findings.Truncated.ToImmutableArray()));
        }

        return fields.ToImmutable();
    }

    /// <summary>A name that begins like those of the journal's own lines is set apart from them: no event looks like a gap or a checkpoint.</summary>
    private string ActionOf(string? action, ImmutableArray<KeyValuePair<string, string?>>.Builder attributes, RedactionFindings findings)
    {
        var text = texts.Text(EventFields.Action.Name, action, findings)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return Unknown;
        }

        if (!text.StartsWith("journal", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        AddBeside(attributes, EventFields.Action.Name, text);
        return "application." + text;
    }

    private static void AddBeside(ImmutableArray<KeyValuePair<string, string?>>.Builder attributes, string field, string text)
    {
        var name = "field:" + field;
        for (var index = 0; index < attributes.Count; index++)
        {
            if (string.Equals(attributes[index].Key, name, StringComparison.Ordinal))
            {
                attributes[index] = new(name, $"{attributes[index].Value}; {text}");
                return;
            }
        }

        attributes.Add(new(name, text));
    }

    private static bool IsSaid(string name, SecurityEvent e) => IsSaid(name, EventFields.User, e.User) || IsSaid(name, EventFields.Target, e.Target);

    private static bool IsSaid(string name, AccountFields account, AuditUser? user) =>
        user is not null
        && ((name == account.Id.Name && user.Id is not null)
            || (name == account.Name.Name && user.Name is not null)
            || (name == account.Email.Name && user.Email is not null)
            || (name == account.Roles.Name && !user.Roles.IsDefaultOrEmpty));

    private AuditUser? User(AccountFields account, AuditUser? user, RedactionFindings findings) => user is null ? null : user with
    {
        Id = texts.Text(account.Id.Name, user.Id, findings),
        Name = texts.Text(account.Name.Name, user.Name, findings),
        Email = texts.Text(account.Email.Name, user.Email, findings),
        Roles = texts.Texts(account.Roles.Name, user.Roles, findings),
    };

    private object? Value(string name, object? value, RedactionFindings findings) => value switch
    {
        null => null,
        string text => texts.Text(name, text, findings),
        ConstantText constant => texts.Text(name, constant, findings),
        // The value may run code of the application's own when it is read.
        _ => texts.Guarded(name, () => FieldValue.Of(value), findings) switch
        {
            string text => texts.Text(name, text, findings),
            ImmutableArray<string> list => texts.Texts(name, list, findings),
            var plain => plain,
        },
    };
}
