using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>
/// Tells a client that went away from a fault of the application: the request was aborted, its upload cut off, its connection reset.
/// </summary>
internal static class ClientGone
{
    /// <summary>The exception, or what caused it, says no more than that nobody is there any longer.</summary>
    public static bool Explains(HttpContext request, Exception? exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            // The server says of a body that ended too soon what it says of one that is malformed; it cancels the request only afterwards.
            if (cause is ConnectionResetException or ConnectionAbortedException or WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely }
                || (cause is BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } && IsOfServer(cause))
                || (request.RequestAborted.IsCancellationRequested && (cause is OperationCanceledException || (cause is IOException && IsOfServer(cause)))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The client left before its answer began.</summary>
    public static bool Before(HttpResponse answer) => !answer.HasStarted && answer.HttpContext.RequestAborted.IsCancellationRequested;

    /// <summary>The server threw it.</summary>
    public static bool IsOfServer(Exception exception) =>
        exception.Source is { } source
        && (source.StartsWith("Microsoft.AspNetCore.Server.", StringComparison.Ordinal) || source is "System.IO.Pipelines");
}
