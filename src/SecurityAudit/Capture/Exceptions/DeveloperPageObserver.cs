using Microsoft.AspNetCore.Diagnostics;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>The developer exception page leaves no trace of what it showed but this call.</summary>
internal sealed class DeveloperPageObserver : IDeveloperPageExceptionFilter
{
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        RequestEvidence.Of<ExceptionEvidence>(errorContext.HttpContext).Swallowed = errorContext.Exception;
        return next(errorContext);
    }
}
