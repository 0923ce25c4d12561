using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Recording;

namespace SecurityAudit.Redaction;

/// <summary>The last stage before the journal, on the typed event. Fails closed: what cannot be redacted is left out, the event stays and says so.</summary>
internal sealed partial class EventRedactor(
    SensitiveNames sensitive, IOptions<SecurityAuditOptions> options, AuditMetrics metrics, ILogger<EventRedactor> logger)
{
    private const string Unknown = "unknown";

    private readonly int _maxLength = options.Value.MaxValueLength;
    private readonly Func<string, string, string?>? _last = options.Value.Redact;

    public SecurityEvent Redact(SecurityEvent e)
    {
        var findings = new Findings();
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>(e.Fields.Length + 2);
        var attributes = ImmutableArray.CreateBuilder<KeyValuePair<string, string?>>(e.Attributes.Length + 1);
        foreach (var (name, value) in e.Attributes)
        {
            if (Text(name, value, findings) is { } text)
            {
                attributes.Add(new(name, text));
            }
        }

        foreach (var (name, value) in e.Fields)
        {
            if (name is EcsJson.Truncated && value is ImmutableArray<string> leftOut)
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
            Kind = Text("event.kind", e.Kind, findings) ?? Unknown,
            Categories = Texts("event.category", e.Categories, findings),
            Types = Texts("event.type", e.Types, findings),
            OwaspLevel = Text("security_audit.owasp.level", e.OwaspLevel, findings),
            Id = Text("event.id", e.Id, findings),
            Reason = Text("event.reason", e.Reason, findings),
            Message = Text("message", e.Message, findings),
            User = User("user", e.User, findings),
            Target = User("user.target", e.Target, findings),
            Attributes = attributes.ToImmutable(),
        };
        if (findings.Failed)
        {
            metrics.Failed("redaction");
            fields.Add(new("security_audit.redaction", "failed"));
        }

        if (findings.Truncated.Count > 0)
        {
            fields.Add(new(EcsJson.Truncated, findings.Truncated.ToImmutableArray()));
        }

        return redacted with { Fields = fields.ToImmutable() };
    }

    /// <summary>A name that begins like those of the journal's own lines is set apart from them: no event looks like a gap or a checkpoint.</summary>
    private string ActionOf(string? action, ImmutableArray<KeyValuePair<string, string?>>.Builder attributes, Findings findings)
    {
        var text = Text("event.action", action, findings)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return Unknown;
        }

        if (!text.StartsWith("journal", StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        AddBeside(attributes, "event.action", text);
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

    private static bool IsSaid(string name, SecurityEvent e) => name switch
    {
        "user.id" => e.User?.Id is not null,
        "user.name" => e.User?.Name is not null,
        "user.email" => e.User?.Email is not null,
        "user.roles" => e.User is { Roles.IsDefaultOrEmpty: false },
        "user.target.id" => e.Target?.Id is not null,
        "user.target.name" => e.Target?.Name is not null,
        "user.target.email" => e.Target?.Email is not null,
        "user.target.roles" => e.Target is { Roles.IsDefaultOrEmpty: false },
        _ => false,
    };

    private AuditUser? User(string prefix, AuditUser? user, Findings findings) => user is null ? null : user with
    {
        Id = Text(prefix + ".id", user.Id, findings),
        Name = Text(prefix + ".name", user.Name, findings),
        Email = Text(prefix + ".email", user.Email, findings),
        Roles = Texts(prefix + ".roles", user.Roles, findings),
    };

    private object? Value(string name, object? value, Findings findings)
    {
        try
        {
            return value switch
            {
                null => null,
                ConstantText constant => Text(name, constant, findings),
                _ => FieldValue.Of(value) switch
                {
                    string text => Text(name, text, findings),
                    ImmutableArray<string> texts => Texts(name, texts, findings),
                    var plain => plain,
                },
            };
        }
        catch (Exception failure)
        {
            // Code of the application's own, in the value.
            Failed(name, failure, findings);
            return null;
        }
    }

    private ImmutableArray<string> Texts(string name, ImmutableArray<string> texts, Findings findings)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return [];
        }

        if (texts.Length > FieldValue.MaxValues)
        {
            findings.Truncated.Add(name);
        }

        var kept = ImmutableArray.CreateBuilder<string>(Math.Min(texts.Length, FieldValue.MaxValues));
        foreach (var text in texts.AsSpan(0, Math.Min(texts.Length, FieldValue.MaxValues)))
        {
            if (Text(name, text, findings) is { } redacted)
            {
                kept.Add(redacted);
            }
        }

        return kept.ToImmutable();
    }

    private string? Text(string name, string? text, Findings findings) => text is null ? null : Text(name, new ConstantText(text), findings, maySecret: true);

    private string? Text(string name, ConstantText text, Findings findings, bool maySecret = false)
    {
        try
        {
            // Cut before searching: the cost of a hostile value is bounded by the length that is kept.
            var visible = VisibleText.Of(text.Value, _maxLength);
            visible = maySecret ? SecretPatterns.Remove(visible, sensitive) : visible;
            return _last is null ? visible : _last(name, visible) is { } last ? VisibleText.Of(last, _maxLength * 2) : null;
        }
        catch (Exception failure)
        {
            Failed(name, failure, findings);
            return null;
        }
    }

    private void Failed(string name, Exception failure, Findings findings)
    {
        findings.Failed = true;
        Log.Failed(logger, failure, name);
    }

    /// <summary>What redaction found on its way through one event.</summary>
    private sealed class Findings
    {
        public bool Failed { get; set; }

        public List<string> Truncated { get; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Redaction failed: the field '{Field}' is left out of the security event.")]
        public static partial void Failed(ILogger logger, Exception failure, string field);
    }
}
