using Microsoft.AspNetCore.Diagnostics;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>The developer exception page leaves no trace of what it showed but this call.</summary>
internal sealed class DeveloperPageObserver : IDeveloperPageExceptionFilter
{
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        ExceptionEvidence.Note(errorContext.HttpContext, errorContext.Exception);
        return next(errorContext);
    }
}
