using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Makes what tests need and do not care about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Time = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    public static ElasticsearchOptions Options(Uri url) => new()
    {
        Url = url.ToString(),
        MinBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(10),
        Linger = TimeSpan.Zero,
    };

    public static string Id() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 8);

    public static string Namespace() => "t" + Guid.NewGuid().ToString("n")[..10];

    /// <summary>A payload as the core writes it.</summary>
    public static string Payload(long i) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"@timestamp":"{{Time.AddSeconds(i):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","event.id":"{{i:D12}}","event.action":"authn_login_fail","event.kind":"event","event.category":"""
        + $$"""["authentication"],"event.type":["start"],"event.outcome":"failure","event.severity":47,"user.name":"user{{i % 97}}","source.ip":"192.0.2."""
        + $$"""{{i % 250}}","service.name":"shop","message":"A sign-in failed.","security_audit.owasp.level":"WARN"}""");

    public static byte[] Line(string id, long sequence, string payload)
    {
        var entry = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"journal.id\":\"{id}\",\"event.sequence\":{sequence},{payload[1..]}"));
        var hash = Base64Url.EncodeToString(SHA256.HashData([0, .. entry]));
        return [.. entry.AsSpan(0, entry.Length - 1), .. Encoding.ASCII.GetBytes($",\"event.hash\":\"{hash}\"}}")];
    }

    /// <summary>The payload of a line that begins a segment.</summary>
    public const string Opened = """{"event.action":"journal.opened","@timestamp":"2026-11-24T03:00:00.000Z"}""";

    /// <summary>The hash that a line carries.</summary>
    public static string Hash(ReadOnlySpan<byte> line) => Encoding.ASCII.GetString(line[^45..^2]);

    /// <summary>A log that lives in memory.</summary>
    public static MemoryLog Log(int count, Func<long, string>? payload = null, string? id = null) => new(id ?? Id(), count, payload ?? Payload);

    public static BulkTarget Target(string ns, ElasticsearchLayout layout, ElasticsearchDistribution distribution = ElasticsearchDistribution.Elasticsearch) =>
        new(new IndexNames(ns), distribution, layout, ElasticsearchPeriod.Month);
}
