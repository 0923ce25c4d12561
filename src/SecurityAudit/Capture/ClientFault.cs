using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>
/// Tells a request that was refused as it stood (its body too large or too slow, not understood) from a fault of the application: server
/// and framework say it with an exception that has the answer in it.
/// </summary>
internal static class ClientFault
{
    /// <summary>The refusal, or null for an exception of another kind.</summary>
    public static BadHttpRequestException? Of(Exception? exception) =>
        exception is BadHttpRequestException { StatusCode: >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError } refusal
            ? refusal
            : null;
}
