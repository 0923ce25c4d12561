using Microsoft.Extensions.Options;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Hosting;

/// <summary>What the application's services have to add to the journal's options, before these are validated.</summary>
internal sealed class JournalDefaults(JournalBase start, TimeProvider time) : IPostConfigureOptions<SecurityAuditOptions>
{
    public void PostConfigure(string? name, SecurityAuditOptions options)
    {
        options.Journal.TimeProvider = time;
        if (options.Journal.AnchorDirectory is { Length: > 0 } anchor)
        {
            options.Journal.Anchors.Add(new FileAnchor(start.PathOf(anchor)));
        }
    }
}
