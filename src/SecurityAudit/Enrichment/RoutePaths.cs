using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>
/// The request's path without the values of sensitive route parameters: <c>/reset/{token}</c> is recorded as <c>/reset/[redacted]</c>.
/// </summary>
/// <remarks>
/// The pattern is that of the endpoint, also of the one that an error page replaced. Where no endpoint is known (not yet matched, refused,
/// not found), every pattern of the application with a sensitive parameter is tried, and segments that look random are masked. What cannot
/// be known: a short or wordlike secret in a segment whose parameter has a harmless name, or of an address that no pattern describes.
/// </remarks>
internal sealed class RoutePaths(SensitiveNames sensitive, IServiceProvider services)
{
    private Patterns _patterns = new(null, []);

    /// <summary>The path, and the endpoint that it leads to: an error page that took the request over afterwards is none.</summary>
    public (string? Path, Endpoint? Endpoint) Of(HttpContext request)
    {
        var path = request.Request.PathBase.Add(request.Request.Path).Value;
        var endpoint = BeforeAnErrorPage(request) ?? request.GetEndpoint();
        if (IsLiteral(endpoint, request.Request.Path.Value))
        {
            return (path, endpoint);
        }

        if (string.IsNullOrEmpty(path) || path.Length == 1)
        {
            return (path, IsErrorPage(endpoint, ["", ""], 1) ? null : endpoint);
        }

        var segments = path.Split('/');
        // The first segment is the empty one before the first slash; what UsePathBase took away is no part of a pattern.
        var start = 1 + Math.Max(0, (request.Request.PathBase.Value?.Split('/').Length ?? 1) - 1);
        endpoint = IsErrorPage(endpoint, segments, start) ? null : endpoint;
        if (!MaskKnown(request, endpoint, ref segments, start))
        {
            MaskUnknown(ref segments, start);
        }

        return (string.Join('/', segments), endpoint);
    }

    /// <summary>The endpoint's pattern has no parameters, and the path is what it says: nothing in it was given by whoever calls.</summary>
    private static bool IsLiteral(Endpoint? endpoint, string? path) =>
        endpoint is RouteEndpoint { RoutePattern: { Parameters.Count: 0, RawText: { } literal } }
        && path.AsSpan().Trim('/').Equals(literal.AsSpan().Trim('/'), StringComparison.OrdinalIgnoreCase);

    /// <summary>The endpoint that failed, once its error page is done and the request has its own path again.</summary>
    private static Endpoint? BeforeAnErrorPage(HttpContext request) =>
        request.Features.Get<IExceptionHandlerPathFeature>() is { Endpoint: { } failed } handled
            && request.Request.Path.Equals(handled.Path, StringComparison.Ordinal)
            ? failed
            : null;

    /// <summary>
    /// An endpoint whose pattern is not that of the path was put in its place, as status code pages do, which leave nothing else behind.
    /// </summary>
    private static bool IsErrorPage(Endpoint? endpoint, string[] segments, int start) =>
        endpoint is RouteEndpoint { RoutePattern: { } pattern } && !MatchesAnywhere(pattern, segments, start);

    private static bool MatchesAnywhere(RoutePattern pattern, string[] segments, int start)
    {
        for (var at = start; at <= LastStart(pattern, segments, start); at++)
        {
            if (RouteShape.Matches(pattern, segments, at))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Before UsePathBase or Map took its part of the path, or after it gave that back, the pattern begins further right.
    /// </summary>
    private static int LastStart(RoutePattern pattern, string[] segments, int start) => RouteShape.HasLiteral(pattern) ? segments.Length - 1 : start;

    private bool MaskKnown(HttpContext request, Endpoint? known, ref string[] segments, int start)
    {
        ReadOnlySpan<Endpoint?> endpoints =
        [
            known,
            request.Features.Get<IExceptionHandlerFeature>()?.Endpoint,
            request.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint,
        ];
        foreach (var endpoint in endpoints)
        {
            // A pattern that takes everything, as a fallback does, describes nothing.
            if (endpoint is RouteEndpoint { RoutePattern: { } pattern } && pattern.PathSegments is not [{ IsSimple: true, Parts: [RoutePatternParameterPart { IsCatchAll: true }] }]
                && RouteShape.Matches(pattern, segments, start))
            {
                segments = RouteShape.Replace(pattern, segments, start, IsSecret);
                return true;
            }
        }

        return false;
    }

    private void MaskUnknown(ref string[] segments, int start)
    {
        foreach (var pattern in SensitivePatterns())
        {
            // Who calls no endpoint may well have meant one, and have added something to its address.
            var mayGoOn = RouteShape.HasLiteral(pattern);
            var last = LastStart(pattern, segments, start);
            for (var at = Math.Min(start, last); at <= last; at++)
            {
                if (RouteShape.Matches(pattern, segments, at, mayGoOn))
                {
                    segments = RouteShape.Replace(pattern, segments, at, (parameter, _) => sensitive.Match(parameter));
                }
            }
        }

        for (var at = 1; at < segments.Length; at++)
        {
            segments[at] = RandomText.IsLikely(segments[at]) ? AuditFields.Mask : segments[at];
        }
    }

    /// <summary>
    /// Under a harmless name an identifier may well be hexadecimal; long text of mixed letters and digits is hardly ever one.
    /// </summary>
    private bool IsSecret(string parameter, string value) => sensitive.Match(parameter) || RandomText.IsLikely(value, leastMixed: 32, hexadecimal: false);

    private RoutePattern[] SensitivePatterns()
    {
        var endpoints = services.GetService<EndpointDataSource>()?.Endpoints;
        var known = _patterns;
        if (!ReferenceEquals(known.Endpoints, endpoints))
        {
            _patterns = known = new Patterns(endpoints,
            [
                .. endpoints?.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern)
                    .Where(pattern => pattern.Parameters.Any(parameter => sensitive.Match(parameter.Name))) ?? [],
            ]);
        }

        return known.Sensitive;
    }

    /// <summary>
    /// The application's endpoints, a new list whenever they change, and those of their patterns that have a sensitive parameter.
    /// </summary>
    private sealed record Patterns(IReadOnlyList<Endpoint>? Endpoints, RoutePattern[] Sensitive);
}
