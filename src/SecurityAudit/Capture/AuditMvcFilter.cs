using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>The innermost MVC filter: sees the arguments of audited actions and exceptions that other filters are about to swallow.</summary>
internal sealed class AuditMvcFilter(JournalGate gate) : IActionFilter, IPageFilter, IOrderedFilter
{
    public int Order => int.MaxValue;

    public void OnActionExecuting(ActionExecutingContext context)
    {
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>() is { } audit)
        {
            gate.Demand();
            AuditArguments.Note(context.HttpContext, audit, context.ActionArguments);
        }
    }

    public void OnActionExecuted(ActionExecutedContext context) => Seen(context.HttpContext, context.Exception);

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
        if (gate.Refuses && AuditOf(context.HttpContext, context.HandlerMethod) is not null)
        {
            gate.Demand();
        }
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (AuditOf(context.HttpContext, context.HandlerMethod) is { } audit)
        {
            gate.Demand();
            AuditArguments.Note(context.HttpContext, audit, context.HandlerArguments);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context) => Seen(context.HttpContext, context.Exception);

    /// <summary>A handler method's attribute is not among the endpoint's metadata: one page has several handlers.</summary>
    private static AuditAttribute? AuditOf(HttpContext request, HandlerMethodDescriptor? handler) =>
        handler?.MethodInfo.GetCustomAttribute<AuditAttribute>() ?? request.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>();

    /// <summary>Whether another filter swallows it shows at the request's end.</summary>
    private static void Seen(HttpContext request, Exception? exception)
    {
        if (exception is not null)
        {
            RequestEvidence.Of(request).Swallowed = exception;
        }
    }
}
