using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>Knows each remote scheme and watches its events, whatever type its options are of.</summary>
internal sealed class WatchedRemoteOptions<TOptions>(RemoteSchemes schemes, RemoteEvents events) : IPostConfigureOptions<TOptions>
    where TOptions : RemoteAuthenticationOptions
{
    public void PostConfigure(string? name, TOptions options)
    {
        schemes.Add(name ?? Options.DefaultName, options);
        if (options.Events is { } own)
        {
            events.Watch(own);
        }
    }
}
