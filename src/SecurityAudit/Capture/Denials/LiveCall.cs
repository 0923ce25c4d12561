using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// One call within a connection that outlasts its request, of a hub's method say: what is seen in it is evidence of this call alone.
/// </summary>
/// <remarks>It stands in all that the call begins, and is gone with the asynchronous method that began it.</remarks>
internal sealed class LiveCall
{
    private static readonly AsyncLocal<LiveCall?> Ambient = new();

    /// <summary>The call in which code runs, if it does.</summary>
    public static LiveCall? Current => Ambient.Value;

    /// <summary>The request that opened the connection, where the transport has one.</summary>
    public HttpContext? Request { get; private init; }

    /// <summary>The evaluations in this call that failed.</summary>
    public DenialEvidence Denials { get; } = new();

    /// <summary>What the innermost filter saw thrown; others may swallow it, or put something else in its place.</summary>
    public Exception? Thrown { get; set; }

    /// <summary>The arguments that were called with, when all filters had their say.</summary>
    public IReadOnlyList<object?>? Arguments { get; set; }

    /// <summary>Call it from the asynchronous method that makes the call: the current one is that method's.</summary>
    public static LiveCall Begin(HttpContext? request) => Ambient.Value = new LiveCall { Request = request };
}
