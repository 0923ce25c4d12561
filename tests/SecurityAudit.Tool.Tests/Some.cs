using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Tests;

/// <summary>Ready-made journals, written by the real writer.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);

    /// <summary>Three people's morning: one event a minute.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, object>> Events =>
    [
        Event(0, "authn_login_fail", "alice", "203.0.113.7", "alice could not sign in"),
        Event(1, "authn_login_success", "alice", "203.0.113.7", "alice signed in"),
        Event(2, "authz_fail", "bob", "198.51.100.20", "bob was denied"),
        Event(3, "authz_change", "carol", "2001:db8::5", "carol made bob an editor", ("user.target.name", "bob")),
    ];

    public static IReadOnlyDictionary<string, object> Event(
        int minute, string action, string user, string source, string message, params (string, object)[] more)
    {
        var fields = new Dictionary<string, object>
        {
            ["@timestamp"] = Start.AddMinutes(minute).ToString("o"),
            ["event.action"] = action,
            ["event.outcome"] = "success",
            ["event.severity"] = 47,
            ["user.name"] = user,
            ["source.ip"] = source,
            ["message"] = message,
        };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return fields;
    }

    public static Task<JournalWriter> JournalAsync(string directory) => JournalAsync(directory, Events);

    /// <summary>Writes the events and closes the journal; the returned writer still tells its id and its size.</summary>
    public static async Task<JournalWriter> JournalAsync(string directory, IEnumerable<IReadOnlyDictionary<string, object>> events, JournalOptions? options = null)
    {
        await using var writer = JournalWriter.Open(directory, options);
        foreach (var e in events)
        {
            writer.Append(JsonSerializer.SerializeToUtf8Bytes(e));
        }

        await writer.FlushAsync();
        return writer;
    }

    /// <summary>The one segment of a small journal.</summary>
    public static string Segment(string directory) => Directory.GetFiles(directory, "*.jsonl").Order(StringComparer.Ordinal).First();
}
