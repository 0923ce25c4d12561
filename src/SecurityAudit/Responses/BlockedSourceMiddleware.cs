using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture;

namespace SecurityAudit.Responses;

/// <summary>
/// The first of all, where the owner switched blocking on: answers a blocked source, before anything else looks at its request. What fails here
/// lets the request pass.
/// </summary>
internal sealed class BlockedSourceMiddleware(RequestDelegate next, BlockedSources blocked, SourceBlocking blocking, HookFailures failures)
{
    public Task InvokeAsync(HttpContext context) => blocked.Any && Refuses(context) ? Task.CompletedTask : next(context);

    private bool Refuses(HttpContext context)
    {
        try
        {
            if (blocking.Find(context) is not { } block)
            {
                return false;
            }

            var response = context.Response;
            response.StatusCode = blocking.StatusCode;
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(blocked.Rest(block).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            response.Headers.CacheControl = "no-store";
            block.Refuse();
            return true;
        }
        catch (Exception failure)
        {
            failures.Failed("response", failure, "the block of a source");
            return false;
        }
    }
}
