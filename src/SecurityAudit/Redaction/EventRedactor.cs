using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Metrics;

namespace SecurityAudit.Redaction;

/// <summary>The last stage before the journal. Fails closed: what cannot be redacted is left out, the event stays and says so.</summary>
internal sealed class EventRedactor(TextRedactor texts, AuditMetrics metrics)
{
    private const string Unknown = "unknown";

    /// <summary>The finished event; its sentence is made of what is recorded.</summary>
    public SecurityEvent Redact(EventDraft draft)
    {
        var given = draft.Given;
        RedactAttributes(draft);
        RedactFields(draft);
        var finished = given with
        {
            Action = ActionOf(given.Action, draft),
            Kind = texts.Text(EventFields.Kind.Name, given.Kind, draft) ?? Unknown,
            Categories = texts.Texts(EventFields.Category.Name, given.Categories, draft),
            Types = texts.Texts(EventFields.Type.Name, given.Types, draft),
            OwaspLevel = texts.Text(EventFields.OwaspLevel.Name, given.OwaspLevel, draft),
            Id = texts.Text(EventFields.Id.Name, draft.Id, draft),
            Timestamp = draft.Timestamp,
            Reason = texts.Text(EventFields.Reason.Name, given.Reason, draft),
            Message = texts.Text(EventFields.Message.Name, given.Message, draft),
            User = User(EventFields.User, draft.User, draft),
            Target = User(EventFields.Target, draft.Target, draft),
            Effective = User(EventFields.Effective, draft.Effective, draft),
            Fields = [.. draft.Fields],
            Attributes = [.. draft.Attributes],
        };
        if (given.Message is null)
        {
            finished.Say(texts.Sentence(EventFields.Message.Name, finished, draft));
        }

        return draft is { RedactionFailed: false, LeftOut.Count: 0 } ? finished : Marked(finished, draft);
    }

    private SecurityEvent Marked(SecurityEvent finished, EventDraft draft)
    {
        if (draft.RedactionFailed)
        {
            metrics.Failed("redaction");
            finished = finished.With(EventFields.Redaction, "failed");
        }

        return draft.LeftOut.Count > 0 ? finished.With(EventFields.Truncated, draft.LeftOut.ToImmutableArray()) : finished;
    }

    private void RedactAttributes(EventDraft draft)
    {
        var kept = 0;
        for (var at = 0; at < draft.Attributes.Count; at++)
        {
            var (name, value) = draft.Attributes[at];
            if (texts.Text(name, value, draft) is { } text)
            {
                draft.Attributes[kept++] = new(name, text);
            }
        }

        draft.Attributes.RemoveRange(kept, draft.Attributes.Count - kept);
    }

    private void RedactFields(EventDraft draft)
    {
        var kept = 0;
        for (var at = 0; at < draft.Fields.Count; at++)
        {
            var (name, value) = draft.Fields[at];
            if (Value(name, value, draft) is not { } redacted)
            {
                continue;
            }

            if (IsSaid(name, draft))
            {
                // The event's own user wins; what else was said of it stands beside.
                AddBeside(draft, name, FieldValue.TextOf(redacted));
            }
            else
            {
                draft.Fields[kept++] = new(name, redacted);
            }
        }

        draft.Fields.RemoveRange(kept, draft.Fields.Count - kept);
    }

    /// <summary>
    /// A name that begins like those of the journal's own lines is set apart from them: no event looks like a gap or a checkpoint.
    /// </summary>
    private string ActionOf(string? action, EventDraft draft)
    {
        var text = texts.Text(EventFields.Action.Name, action, draft)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return Unknown;
        }

        if (!text.StartsWith("journal", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        AddBeside(draft, EventFields.Action.Name, text);
        return "application." + text;
    }

    private static void AddBeside(EventDraft draft, string field, string text)
    {
        var name = "field:" + field;
        draft.SetAttribute(name, draft.Attribute(name) is { } before ? $"{before}; {text}" : text);
    }

    private static bool IsSaid(string name, EventDraft draft) =>
        name.StartsWith("user.", StringComparison.Ordinal) && (IsSaid(name, EventFields.User, draft.User)
            || IsSaid(name, EventFields.Target, draft.Target) || IsSaid(name, EventFields.Effective, draft.Effective));

    private static bool IsSaid(string name, AccountFields account, AuditUser? user) =>
        user is not null
        && ((name == account.Id.Name && user.Id is not null)
            || (name == account.Name.Name && user.Name is not null)
            || (name == account.Email.Name && user.Email is not null)
            || (name == account.Roles.Name && !user.Roles.IsDefaultOrEmpty));

    private AuditUser? User(AccountFields account, AuditUser? user, EventDraft draft) => user is null ? null : user with
    {
        Id = texts.Text(account.Id.Name, user.Id, draft),
        Name = texts.Text(account.Name.Name, user.Name, draft),
        Email = texts.Text(account.Email.Name, user.Email, draft),
        Roles = texts.Texts(account.Roles.Name, user.Roles, draft),
    };

    private object? Value(string name, object? value, EventDraft draft) => value switch
    {
        null => null,
        string text => texts.Text(name, text, draft),
        bool or int or long => value,
        ConstantText constant => texts.Text(name, constant, draft),
        ImmutableArray<string> { IsDefault: false } list => texts.Texts(name, list, draft) is var redacted && redacted == list ? value : redacted,
        _ => Foreign(name, value, draft),
    };

    /// <summary>The value may run code of the application's own when it is read.</summary>
    private object? Foreign(string name, object value, EventDraft draft) => texts.Guarded(name, () => FieldValue.Of(value), draft) switch
    {
        string text => texts.Text(name, text, draft),
        ImmutableArray<string> list => texts.Texts(name, list, draft),
        var plain => plain,
    };
}
