using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Hubs;

/// <summary>
/// Exceptions that pass no filter: of a stream that is under way, of a hub that cannot be made. What a filter saw is recorded already.
/// </summary>
internal sealed class HubLog(IServiceProvider services) : ObservedLog
{
    public override IReadOnlyList<string> Categories { get; } =
        ["Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", "Microsoft.AspNetCore.SignalR.HubConnectionHandler"];

    public override void Logged(EventId id, IReadOnlyList<KeyValuePair<string, object?>> values, Exception exception)
    {
        if (services.GetRequiredService<ToldExceptions>().Take(exception))
        {
            return;
        }

        // What a client sends that is no message is its own fault.
        if (exception is InvalidDataException or OperationCanceledException
            || services.GetRequiredService<CurrentRequest>().Context is not { } request
            || request.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>()?.HubType is not { } hub
            || !HubCall.IsOfApplication(hub)
            || ClientGone.Explains(request, exception))
        {
            return;
        }

        var e = services.GetRequiredService<ExceptionEvent>().Of(request, exception, handled: exception is HubException);
        services.GetRequiredService<SecurityRecorder>().TryRecord(
            CalledFields.Of(e, CalledFields.SignalR, hub.Name, ValueOf(values, "HubMethod")?.ToString()));
    }
}
