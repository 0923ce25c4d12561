using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Journal;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture;

/// <summary>The outermost middleware: what only a request's end shows. It handles no exception of the application; it sees them pass.</summary>
internal sealed partial class SecurityAuditMiddleware(
    RequestDelegate next, SecurityRecorder recorder, ExceptionEvent exceptions, AuditMetrics metrics, ILogger<SecurityAuditMiddleware> logger)
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

        if (!request.IsCompletedSuccessfully || recorder.Refuses)
        {
            return Awaited(request, context);
        }

        End(context);
        return request;
    }

    private async Task Awaited(Task request, HttpContext context)
    {
        try
        {
            await request;
            End(context);
        }
        catch (JournalUnavailableException refusal) when (!context.Response.HasStarted)
        {
            // The owner chose that what cannot be recorded does not happen.
            Log.Refused(logger, refusal);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception exception) when (Seen(context, exception))
        {
            throw;
        }
    }

    /// <summary>Always false: the exception goes on as if nobody had looked.</summary>
    private bool Seen(HttpContext context, Exception exception)
    {
        try
        {
            if (exception is not JournalUnavailableException && !(exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
            {
                Record(context, exception, handled: false);
                RequestEnd.RecordActivity(context, recorder, exception);
            }
        }
        catch (Exception failure)
        {
            Failed(failure);
        }

        return false;
    }

    private void End(HttpContext context)
    {
        try
        {
            // UseExceptionHandler leaves what it handled here.
            if (context.Features.Get<IExceptionHandlerFeature>()?.Error is { } handled)
            {
                Record(context, handled, handled: true);
            }

            if (context.Features.Get<RequestEvidence>()?.Swallowed is { } swallowed)
            {
                Record(context, swallowed, handled: true);
            }

            context.Features.Get<IdentityEvidence>()?.Decide();
            RequestEnd.RecordDenial(context, recorder);
            RequestEnd.RecordActivity(context, recorder, exception: null);
        }
        catch (Exception failure) when (failure is not JournalUnavailableException)
        {
            Failed(failure);
        }
    }

    private void Record(HttpContext context, Exception exception, bool handled)
    {
        if (RequestEvidence.Of(context).First(exception))
        {
            recorder.Record(exceptions.Of(context, exception, handled));
        }
    }

    private void Failed(Exception failure)
    {
        metrics.Failed("capture");
        Log.Failed(logger, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The journal refuses, so the request was answered with 503.")]
        public static partial void Refused(ILogger logger, Exception refusal);

        [LoggerMessage(2, LogLevel.Error, "Capturing the end of a request failed.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
