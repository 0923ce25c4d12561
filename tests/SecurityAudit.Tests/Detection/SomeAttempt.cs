using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using SecurityAudit.Fields;

namespace SecurityAudit.Tests.Detection;

/// <summary>Events as they look after they were recorded.</summary>
internal static class SomeAttempt
{
    public const string Attacker = "203.0.113.7";

    public static DateTimeOffset Noon { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static SecurityEvent Failed(string user, string? source = Attacker, DateTimeOffset at = default) =>
        About(SecurityEvents.AuthnLoginFail(new AuditUser($"id-{user}", user), "wrong password"), user, source, at);

    /// <summary>With a name that no account has.</summary>
    public static SecurityEvent FailedUnknown(string name, string? source = Attacker, DateTimeOffset at = default) =>
        About(SecurityEvents.AuthnLoginFail(new AuditUser(null, null), "unknown user") with { User = null }, name, source, at);

    public static SecurityEvent Succeeded(string user, string? source = Attacker, DateTimeOffset at = default, params ImmutableArray<string> roles) =>
        About(SecurityEvents.AuthnLoginSuccess(new AuditUser($"id-{user}", user) { Roles = roles }), user, source, at);

    public static SecurityEvent Denied(string path, string? source = Attacker, DateTimeOffset at = default) =>
        By("visitor", SecurityEvents.AuthzFail("Staff", "needs the role Staff"), source, at).With(EventFields.Path, path);

    public static SecurityEvent By(string user, SecurityEvent e, string? source = Attacker, DateTimeOffset at = default) =>
        At(e with { User = new AuditUser($"id-{user}", user) }, source, at);

    public static SecurityEvent At(SecurityEvent e, string? source = Attacker, DateTimeOffset at = default) =>
        (e with { Id = Guid.CreateVersion7().ToString(), Timestamp = at == default ? Noon : at }).With(EventFields.SourceIp, source);

    /// <summary>So many attempts, going round the accounts, one each so many seconds.</summary>
    public static IEnumerable<SecurityEvent> Spray(int accounts, int attempts, string? source = Attacker, DateTimeOffset at = default, double seconds = 1) =>
        Enumerable.Range(0, attempts).Select(n => Failed($"user-{n % accounts}", source, (at == default ? Noon : at).AddSeconds(n * seconds)));

    /// <summary>The line that the journal has of it, as far as rules look at it.</summary>
    public static byte[] Line(this SecurityEvent e)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", e.Timestamp ?? Noon);
            json.WriteString("event.action", e.Action);
            json.WriteString("event.kind", e.Kind);
            json.WriteString("event.outcome", e.Outcome.ToString().ToLowerInvariant());
            Text(json, "event.id", e.Id);
            Text(json, "event.reason", e.Reason);
            Text(json, "message", e.Message ?? $"{e.Action} happened.");
            Text(json, "user.id", e.User?.Id);
            Text(json, "user.name", e.User?.Name);
            Text(json, "user.target.id", e.Target?.Id);
            Text(json, "user.target.name", e.Target?.Name);
            if (e.User is { Roles.IsDefaultOrEmpty: false } user)
            {
                List(json, "user.roles", user.Roles);
            }

            foreach (var (name, value) in e.Fields)
            {
                switch (value)
                {
                    case string text:
                        json.WriteString(name, text);
                        break;
                    case bool truth:
                        json.WriteBoolean(name, truth);
                        break;
                    case ImmutableArray<string> list:
                        List(json, name, list);
                        break;
                    case DateTimeOffset moment:
                        json.WriteString(name, moment);
                        break;
                    default:
                        json.WriteNumber(name, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                        break;
                }
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static SecurityEvent About(SecurityEvent e, string name, string? source, DateTimeOffset at) => At(e, source, at).With(EventFields.User.Hash, "k1:" + Hash(name));

    private static string Hash(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void List(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
