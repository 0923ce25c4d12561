using Microsoft.AspNetCore.Components.Web;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Circuits;

/// <summary>An exception that an error boundary of the application shows instead of its components.</summary>
internal sealed class AuditedErrorBoundaryLogger(
    IErrorBoundaryLogger inner, CircuitState state, SecurityRecorder recorder, ExceptionEvent exceptions) : IErrorBoundaryLogger
{
    public ValueTask LogErrorAsync(Exception exception)
    {
        recorder.TryRecord(state.Describe(exceptions.Of(exception, handled: true)));
        return inner.LogErrorAsync(exception);
    }
}
