using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>
/// The innermost MVC filter: sees exceptions that other filters are about to swallow. Whether one does shows at the request's end.
/// </summary>
internal sealed class ExceptionMvcFilter(HookFailures failures) : IActionFilter, IPageFilter, IOrderedFilter
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
