using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Opening;

/// <summary>Where the journal stands: the configured directory, or else the first of the default places that will do.</summary>
/// <remarks>Looked for on first use, which touches the disk, and then kept for the life of the process.</remarks>
internal sealed class JournalLocation(IHostEnvironment environment, JournalBase start, IOptions<SecurityAuditOptions> options)
{
    private readonly Lazy<DefaultPlace> _default = new(() => DefaultPlace.Choose(DefaultPlace.All(environment)));

    private readonly string? _configured = (options.Value.Journal.Directory ?? (start.IsTest ? "audit" : null)) is { } directory
        ? start.PathOf(directory)
        : null;

    /// <summary>An absolute path.</summary>
    public string Directory => _configured ?? _default.Value.Directory;

    /// <summary>What the owner should know of the place; null when it is where he expects it.</summary>
    public string? Warning => _configured is null ? _default.Value.Warning : null;
}
