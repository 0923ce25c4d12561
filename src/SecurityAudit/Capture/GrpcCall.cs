using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SecurityAudit.Enrichment;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture;

/// <summary>
/// The call of a gRPC service, as its endpoint and its answer show it. Read from what travels, not from gRPC's own classes: an application
/// that has none of them is not to get them.
/// </summary>
/// <param name="Service">The service with its package, as the contract names it.</param>
/// <param name="Method">The method.</param>
internal sealed record GrpcCall(string Service, string Method)
{
    /// <summary>The client gave up.</summary>
    public const int Cancelled = 1;

    public const int Unknown = 2;

    public const int PermissionDenied = 7;

    public const int Internal = 13;

    public const int DataLoss = 15;

    public const int Unauthenticated = 16;

    private const string Status = "grpc-status";

    /// <summary>The call that the request is; null for any other request.</summary>
    public static GrpcCall? Of(HttpContext request)
    {
        // The endpoint's metadata say that it is one; the address of a call is /service/method in every version of gRPC.
        return request.GetEndpoint() is { } endpoint && RpcServices.Has(endpoint)
            && request.Request.Path.Value is { } path && path.Split('/') is [_, { Length: > 0 } service, { Length: > 0 } method]
            ? new GrpcCall(service, method)
            : null;
    }

    /// <summary>The status that was answered; null where the answer has none, or none yet.</summary>
    public static int? StatusOf(HttpContext request) =>
        // An answer without a message has it among its headers.
        StatusIn(request.Features.Get<IHttpResponseTrailersFeature>()?.Trailers) ?? StatusIn(request.Response.Headers);

    /// <summary>The same, where the request was answered by gRPC and the status says that it failed.</summary>
    public static int? FailureOf(HttpContext request) =>
        request.Response.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true
            && (RequestEvidence.Existing<GrpcEvidence>(request)?.Status ?? StatusOf(request)) is { } status and not 0
            ? status
            : null;

    private static int? StatusIn(IHeaderDictionary? headers) =>
        headers is not null && headers.TryGetValue(Status, out var status) && int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? code
            : null;
}
