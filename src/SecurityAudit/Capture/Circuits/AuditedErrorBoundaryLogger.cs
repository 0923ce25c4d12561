using Microsoft.AspNetCore.Components.Web;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Circuits;

/// <summary>An exception that an error boundary of the application shows instead of its components.</summary>
internal sealed class AuditedErrorBoundaryLogger(
    IErrorBoundaryLogger inner, CircuitState state, SecurityRecorder recorder, ExceptionEvent exceptions, HookFailures failures) : IErrorBoundaryLogger
{
    public ValueTask LogErrorAsync(Exception exception)
    {
        try
        {
            recorder.TryRecord(state.Describe(exceptions.Of(exception, handled: true)));
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return inner.LogErrorAsync(exception);
    }
}
