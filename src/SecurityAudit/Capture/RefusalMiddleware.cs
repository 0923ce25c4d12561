using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>
/// The outermost middleware where the owner chose <see cref="JournalFailureMode.Refuse"/>: no answer leaves before what its request has
/// recorded is on disk, and a request in which anything was refused is answered with an empty 503, the same for every reason.
/// </summary>
internal sealed partial class RefusalMiddleware(
    RequestDelegate next, CurrentRequest requests, JournalGate gate, RequestConclusions end, ILogger<RefusalMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var current = requests.Enter(context);
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var response = new RecordedResponse(body, () => end.Conclude(context), gate.Durable);
        context.Features.Set<IHttpResponseBodyFeature>(response);
        context.Features.Set(response);
        try
        {
            await next(context);
            await response.EndAsync();
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            if (failure is not JournalUnavailableException)
            {
                if (await response.IsOnRecordAsync())
                {
                    throw; // the server's answer to an exception, which is on record
                }

                Log.Unrecorded(logger, failure);
            }

            context.Features.Set(body);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        finally
        {
            context.Features.Set(body);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "An exception ended a request of which something could not be recorded; it was answered with 503.")]
        public static partial void Unrecorded(ILogger logger, Exception failure);
    }
}
