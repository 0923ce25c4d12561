using Microsoft.AspNetCore.Authentication;

namespace SecurityAudit.Capture;

/// <summary>
/// What stands behind one capture, and remembers the operation that the capture began: whatever becomes of the capture, the operation is neither
/// left out nor begun a second time, and what it threw is told from what the capture threw.
/// </summary>
internal sealed class NextOperation(AuditedOperation operation, IAuthenticationService inner, int step)
{
    /// <summary>The operation; null while it is not begun.</summary>
    public Task? Operation { get; private set; }

    /// <summary>Begins it.</summary>
    public Task InvokeAsync(AuthenticationCall call) => Operation = operation.InvokeAsync(inner, call, step);

    /// <summary>True when the capture itself failed with that, and not what stands behind it. A refusal is for whoever called.</summary>
    public bool IsNoneOfIts(Exception failure) => IsNoneOf(Operation, failure);

    public static bool IsNoneOf(Task? operation, Exception failure) =>
        HookFailures.Catches(failure)
        && !(operation is { IsFaulted: true, Exception: { } thrown } && thrown.InnerExceptions.Contains(failure))
        && !(operation is { IsCanceled: true } && failure is OperationCanceledException);
}
