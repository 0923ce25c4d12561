using System.Collections.Immutable;
using SecurityAudit.Journal;
using SecurityAudit.Recording;

namespace SecurityAudit.Redaction;

/// <summary>
/// The first stage, on what the caller gave and before a sentence is made of it: each value that has a name is masked where the name is
/// sensitive, each name is one that a line can have, and their number is bounded.
/// </summary>
/// <remarks>
/// One rule for attributes, named arguments, further fields, claims (<c>type=value</c>) and what was changed from what to what. What cannot
/// be a field by its name is recorded among the attributes, as <c>field:name</c>; what is left out is named in <c>security_audit.truncated</c>.
/// </remarks>
internal sealed class NamedValues(SensitiveNames sensitive)
{
    public const string Kind = "security_audit.change.kind";
    public const string Before = "security_audit.change.before";
    public const string After = "security_audit.change.after";

    private const int MaxFields = 64;
    private const int MaxAttributes = 64;

    public SecurityEvent Mask(SecurityEvent e)
    {
        if (e.Fields.IsEmpty && e.Attributes.IsEmpty && !sensitive.MatchOwners("email"))
        {
            return e;
        }

        List<string> leftOut = [];
        var attributes = new Dictionary<string, string?>(StringComparer.Ordinal);
        var fields = Fields(e, attributes, leftOut);
        foreach (var (name, value) in e.Attributes)
        {
            AddAttribute(attributes, name, value, leftOut);
        }

        if (leftOut.Count > 0)
        {
            fields[EcsJson.Truncated] = leftOut.ToImmutableArray();
        }

        return e with
        {
            Fields = [.. fields],
            Attributes = [.. attributes],
            User = WithoutEmail(e.User),
            Target = WithoutEmail(e.Target),
        };
    }

    private Dictionary<string, object?> Fields(SecurityEvent e, Dictionary<string, string?> attributes, List<string> leftOut)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        var kind = e[Kind] as string;
        foreach (var (given, value) in e.Fields)
        {
            var name = string.IsNullOrWhiteSpace(given) ? FieldNames.Unnamed : given;
            if (value is null)
            {
                continue;
            }

            if (name is FieldNames.Unnamed || !FieldNames.IsUsable(name) || FieldValue.IsNoNumber(value))
            {
                AddAttribute(attributes, "field:" + name, TextOf(value), leftOut);
            }
            else if (fields.Count < MaxFields || fields.ContainsKey(name))
            {
                // The last value of a name wins: an object in JSON has each name once.
                fields[name] = name is Before or After ? Changed(kind, value) : sensitive.MatchField(name) ? SecretPatterns.Mask : value;
            }
            else
            {
                Note(leftOut, name);
            }
        }

        return fields;
    }

    private void AddAttribute(Dictionary<string, string?> attributes, string? given, string? value, List<string> leftOut)
    {
        if (value is null)
        {
            return;
        }

        var name = string.IsNullOrWhiteSpace(given) ? FieldNames.Unnamed : given;
        var visible = VisibleText.Of(name, FieldNames.MaxLength);
        if (attributes.Count < MaxAttributes || attributes.ContainsKey(visible))
        {
            attributes[visible] = sensitive.Match(name) ? SecretPatterns.Mask : value;
        }
        else
        {
            Note(leftOut, "security_audit.attributes." + visible);
        }
    }

    /// <summary>What a thing of this kind was or became: a claim is <c>type=value</c>, and so may anything be.</summary>
    private object Changed(string? kind, object value)
    {
        if (kind is not null && sensitive.Match(kind))
        {
            return value is string ? SecretPatterns.Mask : ImmutableArray.Create(SecretPatterns.Mask);
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
        return last > 0 && sensitive.Match(text.AsSpan(0, last)) ? string.Concat(text.AsSpan(0, text.IndexOf('=', StringComparison.Ordinal) + 1), SecretPatterns.Mask) : text;
    }

    private AuditUser? WithoutEmail(AuditUser? user) =>
        user is { Email: not null } && sensitive.MatchOwners("email") ? user with { Email = SecretPatterns.Mask } : user;

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
