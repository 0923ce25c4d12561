using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Journal;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>
/// One operation of <see cref="IAuthenticationService"/> with what the captures do around it, and the guard around each of them: the operation
/// is begun once, whatever becomes of a capture.
/// </summary>
/// <param name="operation">The operation.</param>
/// <param name="steps">What the captures do, the first outermost.</param>
/// <param name="forwarding">Which schemes leave it to another, which comes here by itself.</param>
/// <param name="failures">Where it goes what fails in a capture.</param>
/// <param name="gate">Whether it may happen though a capture could not look at it; null where it may in any case.</param>
internal sealed class AuditedOperation(
    SchemeOperation operation, AuditedStep[] steps, SchemeForwarding forwarding, HookFailures failures, JournalGate? gate)
{
    /// <summary>The operation as a whole.</summary>
    public Task InvokeAsync(IAuthenticationService inner, AuthenticationCall call)
    {
        if (steps.Length == 0)
        {
            return operation.Invoke(inner, call);
        }

        var forwards = forwarding.ForwardsAsync(call.Context, call.Scheme, operation);
        return forwards.IsCompletedSuccessfully
            ? InvokeAsync(inner, call, from: forwards.Result ? steps.Length : 0)
            : InvokeLaterAsync(inner, call, forwards);
    }

    /// <summary>What stands behind the first steps.</summary>
    public Task InvokeAsync(IAuthenticationService inner, AuthenticationCall call, int from) =>
        from == steps.Length ? operation.Invoke(inner, call) : StepAsync(inner, call, from);

    private async Task InvokeLaterAsync(IAuthenticationService inner, AuthenticationCall call, ValueTask<bool> forwards) =>
        await InvokeAsync(inner, call, from: await forwards ? steps.Length : 0);

    private async Task StepAsync(IAuthenticationService inner, AuthenticationCall call, int step)
    {
        var next = new NextOperation(this, inner, step + 1);
        try
        {
            await steps[step].Capture(call, next);
        }
        catch (Exception failure) when (next.IsNoneOfIts(failure))
        {
            failures.Failed(steps[step].Part, failure);
            if (gate is { Refuses: true } && next.Operation is null)
            {
                throw gate.Refusal(new JournalUnavailableException(
                    $"Refused, because the owner chose that no session is issued that is not recorded, and recording it failed: {failure.GetType().Name}.", failure));
            }

            await (next.Operation ?? next.InvokeAsync(call));
        }
    }
}

/// <summary>What one capture does around an operation.</summary>
/// <param name="Part">The capture.</param>
/// <param name="Capture">Calls it.</param>
internal sealed record AuditedStep(IAuthenticationCapture Part, Func<AuthenticationCall, NextOperation, Task> Capture);
