using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Recording;

namespace SecurityAudit.Redaction;

/// <summary>The last stage before the journal, on the typed event. Fails closed: what cannot be redacted is left out, the event stays and says so.</summary>
internal sealed partial class EventRedactor(
    SensitiveNames sensitive, IOptions<SecurityAuditOptions> options, AuditMetrics metrics, ILogger<EventRedactor> logger)
{
    private const int MaxAttributes = 64;
    private const int MaxValues = 256;
    private const int MaxNameLength = 128;

    private readonly int _maxLength = options.Value.MaxValueLength;
    private readonly Func<string, string, string?>? _last = options.Value.Redact;

    public SecurityEvent Redact(SecurityEvent e)
    {
        var failed = false;
        var fields = ImmutableArray.CreateBuilder<KeyValuePair<string, object?>>(e.Fields.Length + 2);
        foreach (var (name, value) in e.Fields)
        {
            if (name.Length <= MaxNameLength && Value(name, value, ref failed) is { } kept)
            {
                fields.Add(new(name, kept));
            }
        }

        var redacted = e with
        {
            Action = Text("event.action", e.Action, ref failed) ?? "unknown",
            Reason = Text("event.reason", e.Reason, ref failed),
            Message = Text("message", e.Message, ref failed),
            User = User("user", e.User, ref failed),
            Target = User("user.target", e.Target, ref failed),
            Attributes = Attributes(e.Attributes, ref failed),
        };
        if (failed)
        {
            metrics.Failed("redaction");
            fields.Add(new("security_audit.redaction", "failed"));
        }

        return redacted with { Fields = fields.ToImmutable() };
    }

    private ImmutableArray<KeyValuePair<string, string?>> Attributes(ImmutableArray<KeyValuePair<string, string?>> attributes, ref bool failed)
    {
        if (attributes.IsEmpty)
        {
            return attributes;
        }

        // The last value of a name wins: an object in JSON has each name once.
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            var visible = VisibleText.Of(name, MaxNameLength);
            var text = value is not null && sensitive.Match(name) ? SecretPatterns.Mask : Text(visible, value, ref failed);
            if (text is not null && (kept.Count < MaxAttributes || kept.ContainsKey(visible)))
            {
                kept[visible] = text;
            }
        }

        return [.. kept.Select(attribute => new KeyValuePair<string, string?>(attribute.Key, attribute.Value))];
    }

    private AuditUser? User(string prefix, AuditUser? user, ref bool failed) => user is null ? null : user with
    {
        Id = Text(prefix + ".id", user.Id, ref failed),
        Name = Text(prefix + ".name", user.Name, ref failed),
        Email = Text(prefix + ".email", user.Email, ref failed),
        Roles = Texts(prefix + ".roles", user.Roles, ref failed),
    };

    private object? Value(string name, object? value, ref bool failed) => value switch
    {
        string text => Text(name, text, ref failed),
        ImmutableArray<string> texts => Texts(name, texts, ref failed),
        IEnumerable<string> texts => Texts(name, [.. texts.Take(MaxValues)], ref failed),
        bool or int or long or double => value,
        null => null,
        _ => Text(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture), ref failed),
    };

    private ImmutableArray<string> Texts(string name, ImmutableArray<string> texts, ref bool failed)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return [];
        }

        var kept = ImmutableArray.CreateBuilder<string>(Math.Min(texts.Length, MaxValues));
        foreach (var text in texts.AsSpan(0, Math.Min(texts.Length, MaxValues)))
        {
            if (Text(name, text, ref failed) is { } redacted)
            {
                kept.Add(redacted);
            }
        }

        return kept.ToImmutable();
    }

    private string? Text(string name, string? text, ref bool failed)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            // Cut before searching: the cost of a hostile value is bounded by the length that is kept.
            var visible = SecretPatterns.Remove(VisibleText.Of(text, _maxLength));
            return _last is null ? visible : _last(name, visible) is { } last ? VisibleText.Of(last, _maxLength * 2) : null;
        }
        catch (Exception failure)
        {
            failed = true;
            Log.Failed(logger, failure, name);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Redaction failed: the field '{Field}' is left out of the security event.")]
        public static partial void Failed(ILogger logger, Exception failure, string field);
    }
}
