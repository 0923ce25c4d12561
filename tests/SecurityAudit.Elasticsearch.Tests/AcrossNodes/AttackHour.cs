using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Tests.AcrossNodes;

/// <summary>
/// An hour at a shop of three nodes: attacks of nearly every rule, some of which no node sees whole, and honest people beside them.
/// </summary>
internal static class AttackHour
{
    public const string Spread = "203.0.113.50";
    public const string Office = "198.51.100.10";

    public static DateTimeOffset Begin { get; } = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset End => Begin.AddHours(1);

    /// <summary>Events in the order of time, each with the node that it happens at.</summary>
    public static IReadOnlyList<(int Node, JsonObject Event)> Events(int seed = 1)
    {
        var random = new Random(seed);
        return [.. Before().Concat(Attacks(random)).Concat(Honest(random)).OrderBy(e => e.At).Select((e, number) => (e.Node, Stamped(e, number)))];
    }

    public static string HashOf(string name) => "k1:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));

    private static IEnumerable<Happening> Before()
    {
        yield return new(0, Begin.AddDays(-100), SignedIn("old-hand", "192.0.2.80"));
        yield return new(1, Begin.AddDays(-3), SignedIn("root-admin", "192.0.2.90", "Admin"));
        yield return new(2, Begin.AddDays(-2), SignedIn("root-admin", "192.0.2.91", "Admin"));
    }

    private static IEnumerable<Happening> Attacks(Random random) =>
    [
        .. Each(random, 12, 1, 180, n => Failed("alice", "203.0.113.1"), node: 0),
        .. Each(random, 14, 2, 1200, n => Failed("bob", $"203.0.113.{100 + n}")),
        .. Each(random, 30, 5, 1500, n => Failed($"staff-{n % 10}", "203.0.113.3"), node: 1),
        new(1, Begin.AddMinutes(50), SignedIn("staff-4", "203.0.113.3")),
        .. Each(random, 30, 8, 500, n => Failed($"leaked-{n}", "203.0.113.4"), node: 2),
        .. Each(random, 18, 12, 900, n => Failed($"person-{n % 6}", Spread)), // six on each node: none of them has fifteen
        .. Each(random, 3, 20, 600, n => Locked($"locked-{n}")),
        .. Each(random, 20, 22, 200, n => Denied($"/admin/{n}", "203.0.113.6"), node: 0),
        new(0, Begin.AddMinutes(31), Of("malicious_attack_tool", "203.0.113.7")),
        .. Each(random, 6, 33, 100, n => Of("malicious_csrf", "203.0.113.8"), node: 1),
        new(2, Begin.AddMinutes(36), With(Of("excess_rate_limit_exceeded", "203.0.113.9"), ("security_audit.repeated", 130))),
        new(0, Begin.AddMinutes(38), With(
            By("eve", Of("authz_change", "192.0.2.41")), ("event.outcome", "success"), ("security_audit.change.own", true), ("user.target.id", "id-eve"))),
        .. Each(random, 24, 40, 300, n => With(By("mallory", Of("user_deleted", "192.0.2.42")), ("event.outcome", "success"), ("user.target.id", $"victim-{n}"))),
        new(1, Begin.AddMinutes(44), With(
            By("ann", Of("session_source_changed", "203.0.113.11")), ("security_audit.change.kind", "address and program"), ("session.id", "k1:s77"))),
        new(2, Begin.AddMinutes(46), Failed("svc-backup", "203.0.113.12")),
        new(0, Begin.AddMinutes(48), SignedIn("old-hand", "192.0.2.80")),
        new(1, Begin.AddMinutes(49), SignedIn("root-admin", "203.0.113.13", "Admin")),
        new(2, Begin.AddMinutes(55), With(Of("audit_hook_failed", null), ("message", "The hook identity failed once."))),
    ];

    private static IEnumerable<Happening> Honest(Random random)
    {
        // An office behind one address: seventeen of fifty mistype, once or twice, and then sign in.
        for (var person = 0; person < 50; person++)
        {
            var (at, node) = (Begin.AddSeconds(random.Next(60, 800)), random.Next(3));
            for (var mistake = 0; person < 17 && mistake < 1 + (person % 2); mistake++)
            {
                yield return new(node, at.AddSeconds(mistake * 4), Failed($"clerk-{person}", Office));
            }

            yield return new(node, at.AddSeconds(20), SignedIn($"clerk-{person}", Office));
        }

        // A broken link on a popular page, followed again and again by the same proxy; somebody who mistypes three times; a session at home.
        for (var n = 0; n < 60; n++)
        {
            yield return new(n % 3, Begin.AddSeconds(600 + (n * 4)), Denied("/old-campaign", "198.51.100.20"));
        }

        for (var n = 0; n < 3; n++)
        {
            yield return new(0, Begin.AddSeconds(2000 + (n * 9)), Failed("carol", "198.51.100.30"));
        }

        yield return new(0, Begin.AddSeconds(2040), SignedIn("carol", "198.51.100.30"));
        yield return new(2, Begin.AddMinutes(52), SignedIn("root-admin", "192.0.2.90", "Admin"));
        for (var n = 0; n < 200; n++)
        {
            yield return new(random.Next(3), Begin.AddSeconds(random.Next(3600)), Of("http_request_seen", $"198.51.100.{random.Next(40, 250)}"));
        }
    }

    private static IEnumerable<Happening> Each(Random random, int count, int minute, int seconds, Func<int, JsonObject> make, int? node = null) =>
        Enumerable.Range(0, count).Select(n => new Happening(
            node ?? n % 3, Begin.AddMinutes(minute).AddMilliseconds((n * seconds * 1000.0 / count) + random.Next(1000)), make(n)));

    private static JsonObject Failed(string name, string source) =>
        With(
            Of("authn_login_fail", source), ("event.outcome", "failure"), ("user.hash", HashOf(name)), ("message", $"{name} failed to sign in."),
            name == "svc-backup" ? ("user.name", name) : ("event.reason", "wrong password"));

    private static JsonObject SignedIn(string name, string source, params string[] roles)
    {
        var e = With(By(name, Of("authn_login_success", source)), ("event.outcome", "success"), ("user.hash", HashOf(name)));
        return roles.Length == 0 ? e : With(e, ("user.roles", new JsonArray([.. roles.Select(role => JsonValue.Create(role))])));
    }

    private static JsonObject Locked(string name) =>
        With(Of("authn_login_lock", null), ("event.outcome", "success"), ("event.reason", "maxretries"), ("user.target.id", $"id-{name}"), ("user.target.name", name));

    private static JsonObject Denied(string path, string source) => With(Of("authz_fail", source), ("event.outcome", "failure"), ("url.path", path));

    private static JsonObject By(string name, JsonObject e) => With(e, ("user.id", $"id-{name}"), ("user.name", name));

    private static JsonObject Of(string action, string? source)
    {
        var e = With([], ("event.action", action), ("event.kind", "event"), ("message", $"{action} happened."));
        return source is null ? e : With(e, ("source.ip", source));
    }

    private static JsonObject With(JsonObject e, params (string Name, JsonNode? Value)[] fields)
    {
        foreach (var (name, value) in fields)
        {
            e[name] = value;
        }

        return e;
    }

    private static JsonObject Stamped(Happening happening, int number)
    {
        happening.Event["@timestamp"] = happening.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        happening.Event["event.id"] = $"0196f0aa-0000-7000-8000-{number:x12}";
        return happening.Event;
    }

    private sealed record Happening(int Node, DateTimeOffset At, JsonObject Event);
}
