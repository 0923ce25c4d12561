using System.Collections.Frozen;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>
/// Why a sign-in at a provider failed: told by the type of the failure, by what the handler had read until then, and by which parameters the
/// answer carries. Of the parameters none is recorded but the error, and that only where a standard names it.
/// </summary>
internal static class RemoteFailure
{
    private const string Protocol = "Microsoft.IdentityModel.Protocols.OpenIdConnect.OpenIdConnectProtocol";

    // Neither a type nor a code tells it from what an application throws by itself; the text is a constant of the framework, in one language.
    private const string CorrelationFailed = "Correlation failed.";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Protocol + "InvalidNonceException"] = "the nonce is not the one of this browser's sign-in",
        [Protocol + "InvalidStateException"] = "the state is not the one of this sign-in",
        [Protocol + "InvalidAtHashException"] = "the access token is not the one that the id_token names",
        [Protocol + "InvalidCHashException"] = "the code is not the one that the id_token names",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The full names of the exceptions that are known.</summary>
    public static IReadOnlyList<string> Types => Reasons.Keys;

    /// <param name="request">The provider's answer.</param>
    /// <param name="options">The scheme's options.</param>
    /// <param name="failure">What the handler failed with; null where the provider says that access was denied.</param>
    /// <param name="hasProperties">The state could be read; null where that was not seen.</param>
    public static (string Reason, EventSeverity Severity) Of(
        HttpRequest request, RemoteAuthenticationOptions options, Exception? failure, bool? hasProperties)
    {
        if (failure is null)
        {
            return ("the provider answered access_denied: the user or the provider refused it", EventSeverity.Low);
        }

        if (failure is AuthenticationFailureException { Message: CorrelationFailed, InnerException: null })
        {
            return ("the browser has no cookie of this sign-in: correlation failed", EventSeverity.Medium);
        }

        if (failure.Data["error"] is string error)
        {
            return OfError(request, ProviderError.Named(error));
        }

        if (TokenFailure.ReasonIn(Reasons, failure) is { } protocol)
        {
            return (protocol, EventSeverity.High);
        }

        if (TokenFailure.ReasonOf(failure) is { } token)
        {
            return (token is TokenFailure.Expired ? "the id_token is expired" : $"the id_token was not accepted: {token}", EventSeverity.High);
        }

        // A failure of the framework's before it had the state: which of them, the answer's own parameters tell.
        if (hasProperties == false && failure.GetType() == typeof(AuthenticationFailureException) && RemoteProvider.IsKnown(options))
        {
            return (WithoutState(request, RemoteProvider.IsOpenIdConnect(options)), EventSeverity.Medium);
        }

        return failure is HttpRequestException
            ? ("the provider could not be asked: HttpRequestException", EventSeverity.Medium)
            : ($"refused by the scheme's handler or by the application: {failure.GetType().Name}", EventSeverity.Medium);
    }

    private static (string Reason, EventSeverity Severity) OfError(HttpRequest request, string error)
    {
        var isAnswer = Has(request, "error");
        return (isAnswer, error) switch
        {
            (true, "access_denied") => ("the provider answered access_denied: the user or the provider refused it", EventSeverity.Low),
            (true, _) => ($"the provider answered {error}", EventSeverity.Low),
            // The answer had a code and no error: the error came when the code was exchanged.
            _ => ($"the provider refused the code when it was exchanged: {error}", EventSeverity.Medium),
        };
    }

    private static string WithoutState(HttpRequest request, bool isOpenIdConnect) =>
        isOpenIdConnect && HttpMethods.IsGet(request.Method) && (Has(request, "id_token") || Has(request, "access_token"))
            ? "the answer carries a token in its address, where none may be"
            : Has(request, "state") ? "the state could not be read: altered, or made with another key" : "the answer has no state";

    // The handler has read the form where it wanted it; nothing is read for the record.
    private static bool Has(HttpRequest request, string parameter) =>
        !StringValues.IsNullOrEmpty(request.Query[parameter])
        || (request.HttpContext.Features.Get<IFormFeature>()?.Form is { } form && !StringValues.IsNullOrEmpty(form[parameter]));
}
