using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Tests.Panels;

/// <summary>The journal's lines, counted here without an engine.</summary>
internal static class JournalLines
{
    public static IReadOnlyList<JsonObject> Of(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines).Select(line => JsonNode.Parse(line)!.AsObject()),
    ];

    /// <summary>The values of a field, as an engine shows them: moments in milliseconds, everything else as text.</summary>
    public static IReadOnlyList<string> Values(JsonObject line, string field) => line[field] switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => Shown(field, item!)).Distinct(StringComparer.Ordinal)],
        var value => [Shown(field, value)],
    };

    public static long Milliseconds(JsonObject line) => long.Parse(Values(line, "@timestamp")[0], CultureInfo.InvariantCulture);

    private static string Shown(string field, JsonNode value) => AuditFields.Find(field)?.Type == FieldType.Date
        ? DateTimeOffset.Parse((string)value!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)
        : value.ToString();

    /// <summary>How many lines each query means, counted by jq; null where there is none.</summary>
    public static async Task<IReadOnlyList<int>?> CountByJqAsync(string directory, IReadOnlyList<Kuery> queries)
    {
        var program = $"[{string.Join(",\n", queries.Select(query => $"([.[] | select(any({query.Jq}; .))] | length)"))}]";
        var file = Path.Combine(directory, "counts.jq");
        await File.WriteAllTextAsync(file, program);
        var segments = Directory.EnumerateFiles(directory, "*.jsonl", SearchOption.AllDirectories);
        var start = new ProcessStartInfo("jq", ["--slurp", "--compact-output", "--from-file", file, .. segments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        try
        {
            using var jq = Process.Start(start)!;
            var said = jq.StandardError.ReadToEndAsync();
            var counts = await jq.StandardOutput.ReadToEndAsync();
            await jq.WaitForExitAsync();
            Assert.True(jq.ExitCode == 0, await said);
            return [.. JsonNode.Parse(counts)!.AsArray().Select(count => (int)count!)];
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
