using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>The outermost middleware of capture: what only a request's end shows. It handles no exception of the application; it sees them pass.</summary>
internal sealed class SecurityAuditMiddleware(RequestDelegate next, RequestConclusions end)
{
    public Task InvokeAsync(HttpContext context)
    {
        Task request;
        try
        {
            request = next(context);
        }
        catch (Exception exception)
        {
            request = Task.FromException(exception);
        }

        if (!request.IsCompletedSuccessfully)
        {
            return Awaited(request, context);
        }

        end.Conclude(context);
        return request;
    }

    private async Task Awaited(Task request, HttpContext context)
    {
        try
        {
            await request;
        }
        catch (Exception exception) when (end.Threw(context, exception))
        {
            throw;
        }

        end.Conclude(context);
    }
}
