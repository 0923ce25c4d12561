using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>
/// The innermost MVC filter of each kind: sees exceptions that other filters are about to swallow, of actions, of filters around them, of
/// what binds their arguments, of results. Whether one is swallowed shows at the request's end.
/// </summary>
internal sealed class ExceptionMvcFilter(HookFailures failures) : IActionFilter, IPageFilter, IExceptionFilter, IResultFilter, IOrderedFilter
{
    public int Order => int.MaxValue;

    public void OnActionExecuting(ActionExecutingContext context)
    {
    }

    public void OnActionExecuted(ActionExecutedContext context) => Seen(context.HttpContext, context.Exception);

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) => Seen(context.HttpContext, context.Exception);

    public void OnException(ExceptionContext context) => Seen(context.HttpContext, context.Exception);

    public void OnResultExecuting(ResultExecutingContext context)
    {
    }

    public void OnResultExecuted(ResultExecutedContext context) => Seen(context.HttpContext, context.Exception);

    private void Seen(HttpContext request, Exception? exception)
    {
        try
        {
            if (exception is not null)
            {
                ExceptionEvidence.Note(request, exception);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }
}
