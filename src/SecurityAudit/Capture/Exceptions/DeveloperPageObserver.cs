using Microsoft.AspNetCore.Diagnostics;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>The developer exception page leaves no trace of what it showed but this call.</summary>
internal sealed class DeveloperPageObserver(HookFailures failures) : IDeveloperPageExceptionFilter
{
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        try
        {
            ExceptionEvidence.Note(errorContext.HttpContext, errorContext.Exception);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return next(errorContext);
    }
}
