using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Circuits;

/// <summary>
/// Exceptions of components: nobody handles them, and the circuit ends; or they came from a method that the browser called, and are told to
/// that.
/// </summary>
internal sealed class CircuitLog(IServiceProvider services) : ObservedLog
{
    public override IReadOnlyList<string> Categories { get; } =
        ["Microsoft.AspNetCore.Components.Server.Circuits.CircuitHost", "Microsoft.AspNetCore.Components.Server.Circuits.RemoteJSRuntime"];

    // What fails while a circuit begins is logged as no more than that.
    public override LogLevel Least => LogLevel.Debug;

    public override void Logged(EventId id, IReadOnlyList<KeyValuePair<string, object?>> values, Exception exception)
    {
        var isHandled = id.Name is "InvokeStaticDotNetMethodException" or "InvokeInstanceDotNetMethodException";
        if ((!isHandled && id.Name is not ("CircuitUnhandledException" or "InitializationFailed" or "UpdateRootComponentsFailed"))
            || IsOfClient(exception))
        {
            return;
        }

        var state = services.GetRequiredService<OpenCircuits>()[ValueOf(values, "CircuitId")?.ToString()] ?? CircuitState.Current;
        var e = services.GetRequiredService<ExceptionEvent>().Of(exception, isHandled);
        services.GetRequiredService<SecurityRecorder>().TryRecord(state?.Describe(e) ?? e);
    }

    /// <summary>Its browser has gone.</summary>
    private static bool IsOfClient(Exception exception) =>
        exception is JSDisconnectedException or OperationCanceledException or HubException { Source: "Microsoft.AspNetCore.SignalR.Core" };
}
