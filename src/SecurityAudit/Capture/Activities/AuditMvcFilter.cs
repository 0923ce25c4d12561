using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Activities;

/// <summary>The innermost MVC filter: sees the arguments of audited actions, and asks the gate before they run.</summary>
internal sealed class AuditMvcFilter(JournalGate gate, HookFailures failures) : IActionFilter, IPageFilter, IOrderedFilter
{
    public int Order => int.MaxValue;

    public void OnActionExecuting(ActionExecutingContext context)
    {
        try
        {
            if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>() is { } audit)
            {
                gate.Demand();
                AuditArguments.Note(context.HttpContext, audit, context.ActionArguments);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
        try
        {
            if (gate.Refuses && AuditOf(context.HttpContext, context.HandlerMethod) is not null)
            {
                gate.Demand();
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        try
        {
            if (AuditOf(context.HttpContext, context.HandlerMethod) is { } audit)
            {
                gate.Demand();
                AuditArguments.Note(context.HttpContext, audit, context.HandlerArguments);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    /// <summary>A handler method's attribute is not among the endpoint's metadata: one page has several handlers.</summary>
    private static AuditAttribute? AuditOf(HttpContext request, HandlerMethodDescriptor? handler) =>
        handler?.MethodInfo.GetCustomAttributes<AuditAttribute>().LastOrDefault() ?? request.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>();
}
