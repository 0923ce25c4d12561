using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.SignIns;

/// <summary>What the application tells: recorded as it is, but for a sign-in that a hook saw, which is on record.</summary>
internal sealed class ApplicationAudit(SecurityRecorder recorder, CurrentRequest requests, HookFailures failures) : ISecurityAudit
{
    public void Record(SecurityEvent securityEvent)
    {
        ArgumentNullException.ThrowIfNull(securityEvent);
        if (!IsToldAlready(securityEvent))
        {
            recorder.Record(securityEvent);
        }
    }

    public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default)
    {
        Record(securityEvent);
        return recorder.DurableAsync(securityEvent, cancellationToken);
    }

    private bool IsToldAlready(SecurityEvent securityEvent)
    {
        try
        {
            return SignInEvidence.IsReported(securityEvent) && requests.Context is { } request && SignInEvidence.IsToldAlready(request, securityEvent);
        }
        catch (Exception failure)
        {
            failures.Failed(this, failure);
            return false;
        }
    }
}
