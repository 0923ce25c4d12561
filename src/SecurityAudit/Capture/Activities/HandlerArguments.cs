using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace SecurityAudit.Capture.Activities;

/// <summary>
/// The named arguments of a handler that has its <see cref="AuditAttribute"/> itself, a lambda for example: nothing may be put before it any
/// longer, so they are read from where the framework reads them, as the client sent them.
/// </summary>
internal static class HandlerArguments
{
    /// <param name="request">The request.</param>
    /// <param name="endpoint">What ran; its metadata say how each parameter is bound.</param>
    /// <param name="routes">The route's values: an error page that ran since has its own.</param>
    /// <param name="audit">Which are recorded.</param>
    /// <param name="evidence">Where they are noted.</param>
    public static void Note(HttpContext request, Endpoint endpoint, RouteValueDictionary routes, AuditAttribute audit, ActivityEvidence evidence)
    {
        foreach (var parameter in endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>())
        {
            if (audit.Arguments.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase))
            {
                evidence.Arguments.Add(new(parameter.Name, ValueOf(request, routes, parameter)));
            }
        }
    }

    private static string? ValueOf(HttpContext request, RouteValueDictionary routes, IParameterBindingMetadata parameter)
    {
        foreach (var attribute in parameter.ParameterInfo.GetCustomAttributes(inherit: true))
        {
            switch (attribute)
            {
                case IFromRouteMetadata route:
                    return Text(routes, route.Name ?? parameter.Name);
                case IFromQueryMetadata query:
                    return Text(request.Request.Query[query.Name ?? parameter.Name]);
                case IFromHeaderMetadata header:
                    return Text(request.Request.Headers[header.Name ?? parameter.Name]);
                // Read by the handler, or not at all: it is not read on its behalf.
                case IFromFormMetadata form when request.Features.Get<IFormFeature>()?.Form is { } read && read.ContainsKey(form.Name ?? parameter.Name):
                    return Text(read[form.Name ?? parameter.Name]);
                case IFromBodyMetadata or IFromFormMetadata or IFromServiceMetadata:
                    return $"({parameter.ParameterInfo.ParameterType.Name})";
            }
        }

        return parameter.HasBindAsync ? $"({parameter.ParameterInfo.ParameterType.Name})"
            : Text(routes, parameter.Name)
            ?? Text(request.Request.Query[parameter.Name])
            ?? (IsSimple(parameter) ? null : $"({parameter.ParameterInfo.ParameterType.Name})");
    }

    private static bool IsSimple(IParameterBindingMetadata parameter) => parameter.HasTryParse || parameter.ParameterInfo.ParameterType == typeof(string);

    private static string? Text(RouteValueDictionary routes, string name) => routes.TryGetValue(name, out var value) ? value?.ToString() : null;

    private static string? Text(Microsoft.Extensions.Primitives.StringValues values) => values.Count == 0 ? null : values.ToString();
}
