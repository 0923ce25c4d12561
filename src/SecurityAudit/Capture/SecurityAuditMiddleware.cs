using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>
/// The outermost middleware of capture: what only a request's end shows. It handles no exception of the application; it sees them pass.
/// </summary>
internal sealed class SecurityAuditMiddleware(RequestDelegate next, RequestConclusions end)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var current = end.Enter(context);
        try
        {
            await next(context);
        }
        catch (Exception exception) when (end.Threw(context, exception))
        {
            throw;
        }

        end.Conclude(context);
    }
}
