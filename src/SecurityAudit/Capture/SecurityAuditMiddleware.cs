using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture;

/// <summary>
/// The outermost middleware of capture: what only a request's end shows. It handles no exception of the application; it sees them pass.
/// </summary>
internal sealed class SecurityAuditMiddleware(RequestDelegate next, CurrentRequest requests, RequestConclusions end)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var current = requests.Enter(context);
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
