using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SecurityAudit.Capture;

/// <summary>The innermost MVC filter: sees the arguments of audited actions and exceptions that other filters are about to swallow.</summary>
internal sealed class AuditMvcFilter : IActionFilter, IPageFilter, IOrderedFilter
{
    public int Order => int.MaxValue;

    public void OnActionExecuting(ActionExecutingContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>() is { } audit)
        {
            AuditArguments.Note(context.HttpContext, audit, context.ActionArguments);
        }
    }

    public void OnActionExecuted(ActionExecutedContext context) => Seen(context.HttpContext, context.Exception);

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        // A handler method's attribute is not among the endpoint's metadata: one page has several handlers.
        var audit = context.HandlerMethod?.MethodInfo.GetCustomAttribute<AuditAttribute>()
            ?? context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>();
        if (audit is not null)
        {
            AuditArguments.Note(context.HttpContext, audit, context.HandlerArguments);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) => Seen(context.HttpContext, context.Exception);

    /// <summary>Whether another filter swallows it shows at the request's end.</summary>
    private static void Seen(HttpContext request, Exception? exception)
    {
        if (exception is not null)
        {
            RequestEvidence.Of(request).Swallowed = exception;
        }
    }
}
