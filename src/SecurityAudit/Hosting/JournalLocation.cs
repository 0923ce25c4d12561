using Microsoft.Extensions.Options;

namespace SecurityAudit.Hosting;

/// <summary>Where the journal stands: the configured directory, relative to the content root; under a test host, to a temporary folder.</summary>
internal sealed class JournalLocation(JournalBase start, IOptions<SecurityAuditOptions> options)
{
    public string Directory { get; } = start.PathOf(options.Value.Journal.Directory);
}
