using System.Diagnostics.Metrics;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Capture.RateLimits;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Reconciliation;

/// <summary>What a measurement of the framework's counts. Names: ASP.NET Core 10.0.12, as measured.</summary>
internal static class Counters
{
    private const string SignIns = "aspnetcore.identity.sign_in.authenticate.duration";
    private const string Sessions = "aspnetcore.authentication.sign_ins";
    private const string Forbids = "aspnetcore.authentication.forbids";
    private const string Exceptions = "aspnetcore.diagnostics.exceptions";
    private const string RateLimits = "aspnetcore.rate_limiting.requests";

    // OpenTelemetry and ECS give it one name.
    private static string ErrorType => EventFields.ErrorType.Name;

    public static bool Observes(Instrument instrument) => (instrument.Meter.Name, instrument.Name) is
        ("Microsoft.AspNetCore.Identity", SignIns)
        or ("Microsoft.AspNetCore.Authentication", Sessions or Forbids)
        or ("Microsoft.AspNetCore.Diagnostics", Exceptions)
        or (RateLimitMeter.Meter, RateLimits);

    /// <summary>Null where it counts nothing of which an event is due.</summary>
    public static CountedKind? KindOf(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) => instrument.Name switch
    {
        SignIns => OfSignIn(new IdentityMeasurement(0, tags)),
        Sessions when Tag(tags, ErrorType) is null && !Capture.IdentitySchemes.IsBookkeeping(Tag(tags, "aspnetcore.authentication.scheme")) => CountedKind.Session,
        Forbids when Tag(tags, ErrorType) is null => CountedKind.Forbidden,
        // A client that went away is none, nor is what the server says of what it sent; a refusal is one of ours.
        Exceptions when Tag(tags, "aspnetcore.diagnostics.exception.result") is "handled" or "unhandled" && !IsOfClient(Tag(tags, ErrorType)) => CountedKind.Exception,
        RateLimits when Tag(tags, "aspnetcore.rate_limiting.result") is "endpoint_limiter" or "global_limiter" => CountedKind.RateLimit,
        _ => null,
    };

    private static CountedKind? OfSignIn(in IdentityMeasurement measured) => measured.Type is null or "_OTHER" or "refresh" ? null : measured.Result switch
    {
        "success" => CountedKind.SignIn,
        "failure" or "locked_out" or "not_allowed" => CountedKind.SignInFailure,
        "requires_two_factor" => CountedKind.SecondFactor,
        _ => null, // an exception ended it
    };

    private static bool IsOfClient(string? exception) => exception == typeof(JournalUnavailableException).FullName
        || exception is null or "System.IO.IOException" or "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException"
            or "Microsoft.AspNetCore.Http.BadHttpRequestException" or "Microsoft.AspNetCore.Connections.ConnectionResetException"
            or "Microsoft.AspNetCore.Connections.ConnectionAbortedException";

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var (key, value) in tags)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value as string;
            }
        }

        return null;
    }
}
