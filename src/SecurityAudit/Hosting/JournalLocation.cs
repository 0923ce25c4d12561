using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Hosting;

/// <summary>Where the journal stands: the configured directory, relative to the content root.</summary>
internal sealed class JournalLocation(IHostEnvironment environment, IOptions<SecurityAuditOptions> options)
{
    public string Directory { get; } = Path.GetFullPath(options.Value.Journal.Directory, environment.ContentRootPath);
}
