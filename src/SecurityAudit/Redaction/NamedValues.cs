using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Redaction;

/// <summary>
/// The first stage, on what the caller gave and before a sentence is made of it: each value that has a name is masked where the name is
/// sensitive, each name is one that a line can have, and their number is bounded.
/// </summary>
/// <remarks>
/// One rule for attributes, named arguments, further fields, claims (<c>type=value</c>) and what was changed from what to what. What cannot
/// be a field by its name or its type is recorded among the attributes, as <c>field:name</c>; what is left out is named in
/// <c>security_audit.truncated</c>.
/// </remarks>
internal sealed class NamedValues(SensitiveNames sensitive)
{
    private const int MaxFields = 64;
    private const int MaxAttributes = 64;

    /// <summary>Takes over what the caller gave.</summary>
    public void Take(EventDraft draft)
    {
        var given = draft.Given;
        var kind = given[EventFields.ChangeKind] as string;
        foreach (var (name, value) in given.Fields)
        {
            if (value is not null)
            {
                TakeField(draft, string.IsNullOrWhiteSpace(name) ? FieldNames.Unnamed : name, value, kind);
            }
        }

        foreach (var (name, value) in given.Attributes)
        {
            if (value is not null)
            {
                TakeAttribute(draft, string.IsNullOrWhiteSpace(name) ? FieldNames.Unnamed : name, value);
            }
        }

        (draft.User, draft.Target, draft.Effective) = (WithoutEmail(given.User), WithoutEmail(given.Target), WithoutEmail(given.Effective));
    }

    private void TakeField(EventDraft draft, string name, object value, string? kind)
    {
        if (name == SessionFields.Identifier)
        {
            draft.RawSession = value as string;
        }
        else if (name is FieldNames.Unnamed || !FieldNames.IsUsable(name) || FieldValue.IsNoNumber(value) || Typed(name, value) is not { } typed)
        {
            TakeAttribute(draft, "field:" + name, TextOf(value));
        }
        else if (draft.Fields.Count < MaxFields || draft.Has(name))
        {
            draft.Set(name, IsChange(name) ? Changed(kind, typed) : sensitive.MatchField(name) ? AuditFields.Mask : typed);
        }
        else
        {
            Note(draft.LeftOut, name);
        }
    }

    /// <summary>The value in the type of the field; null where the two do not fit.</summary>
    private static object? Typed(string name, object value)
    {
        try
        {
            return AuditFields.Find(name) is { } field ? TypedValue.For(field, value) : value;
        }
        catch (Exception)
        {
            // Code of the application's own, in a value that is to be a text: it is recorded as whatever else does not fit.
            return null;
        }
    }

    private void TakeAttribute(EventDraft draft, string name, string value)
    {
        var visible = VisibleText.Of(name, FieldNames.MaxLength);
        if (draft.Attributes.Count < MaxAttributes || draft.Attribute(visible) is not null)
        {
            draft.SetAttribute(visible, sensitive.Match(name) ? AuditFields.Mask : value);
        }
        else
        {
            Note(draft.LeftOut, EventFields.Attributes.Name + "." + visible);
        }
    }

    private static bool IsChange(string name) => name == EventFields.ChangeBefore.Name || name == EventFields.ChangeAfter.Name;

    /// <summary>What a thing of this kind was or became: a claim is <c>type=value</c>, and so may anything be.</summary>
    private object Changed(string? kind, object value)
    {
        if (kind is not null && sensitive.Match(kind))
        {
            return value is string ? AuditFields.Mask : ImmutableArray.Create(AuditFields.Mask);
        }

        return value switch
        {
            string text => Pair(text),
            IEnumerable<string> texts => Pairs(texts),
            _ => value,
        };
    }

    private ImmutableArray<string> Pairs(IEnumerable<string> texts)
    {
        try
        {
            return FieldValue.Of(texts) is ImmutableArray<string> { IsEmpty: false } values ? [.. values.Select(text => text is null ? "" : Pair(text))] : [];
        }
        catch (Exception)
        {
            // A list of the application's own that throws while it is read: that it was there is still recorded.
            return [$"({texts.GetType().Name})"];
        }
    }

    private string Pair(string text)
    {
        // The name of a claim may itself have a "=": all that stands before the last one is looked at, all behind the first is masked.
        var last = text.LastIndexOf('=');
        return last > 0 && sensitive.Match(text.AsSpan(0, last)) ? string.Concat(text.AsSpan(0, text.IndexOf('=', StringComparison.Ordinal) + 1), AuditFields.Mask) : text;
    }

    private AuditUser? WithoutEmail(AuditUser? user) =>
        user is { Email: not null } && sensitive.MatchOwners("email") ? user with { Email = AuditFields.Mask } : user;

    private static string TextOf(object value)
    {
        try
        {
            return FieldValue.TextOf(value);
        }
        catch (Exception)
        {
            // Code of the application's own, in a value under a name that is none: that it was there is still recorded.
            return $"({value.GetType().Name})";
        }
    }

    private static void Note(List<string> leftOut, string name)
    {
        if (leftOut.Count < 16)
        {
            leftOut.Add(VisibleText.Of(name, FieldNames.MaxLength + 32));
        }
    }
}
