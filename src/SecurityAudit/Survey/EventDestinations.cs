using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecurityAudit.Recording;

namespace SecurityAudit.Survey;

/// <summary>
/// Where events go beside the journal and how long that keeps them, by names alone: an address, a path or a connection string is not for
/// the journal's readers.
/// </summary>
internal sealed class EventDestinations(IOptions<SecurityAuditOptions> options, AuditLogger logger, IConfiguration? configuration = null)
{
    private const int MostNames = 32;
    private const int LongestName = 80;

    /// <summary>As configuration has it.</summary>
    public string Retention => options.Value.Journal.Retention?.ToString("c") ?? "unlimited";

    /// <summary>What reads the journal, what holds its checkpoints, and the sinks of Serilog.</summary>
    public ImmutableArray<string> Names =>
    [
        .. options.Value.Journal.Consumers.Select(consumer => NameOf(consumer.Name, consumer))
            .Concat(options.Value.Journal.Anchors.Select(anchor => $"checkpoints: {NameOf(anchor.Name, anchor)}"))
            .Concat(logger.Names.Select(name => name == AuditLogger.SinkSection ? Configured(name) : name))
            .Take(MostNames),
    ];

    private string Configured(string section)
    {
        string[] names =
        [
            .. configuration?.GetSection(section).GetChildren().Where(setting => IsSinks(setting.Key))
                .SelectMany(setting => setting.GetChildren().Append(setting)).Select(sink => sink["Name"] ?? sink.Value).OfType<string>().Where(IsName) ?? [],
        ];
        return names.Length == 0 ? section : $"{section}: {string.Join(", ", names.Take(MostNames))}";
    }

    private static bool IsSinks(string key) =>
        key.StartsWith("WriteTo", StringComparison.OrdinalIgnoreCase) || key.StartsWith("AuditTo", StringComparison.OrdinalIgnoreCase);

    // Whoever wrote the name may have put the address into it.
    private static string NameOf(string? name, object owner) => name is not null && IsName(name) ? name : owner.GetType().Name;

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text.All(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '.' or '-' or '_');
}
