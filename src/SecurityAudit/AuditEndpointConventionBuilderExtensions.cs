using Microsoft.AspNetCore.Http;
using SecurityAudit;
using SecurityAudit.Capture.Activities;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Names what people do at an endpoint.</summary>
public static class AuditEndpointConventionBuilderExtensions
{
    /// <summary>Records each call of the endpoint as an event of that name, with its outcome.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="action">The event's <c>event.action</c>, e.g. <c>invoice.approve</c>.</param>
    /// <param name="arguments">The handler's parameters whose values are recorded, by name; none unless named.</param>
    public static TBuilder WithAudit<TBuilder>(this TBuilder builder, string action, params string[] arguments)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(action);
        var audit = new AuditAttribute(action) { Arguments = arguments };
        builder.WithMetadata(audit);
        return arguments.Length == 0 ? builder : builder.AddEndpointFilterFactory((handler, next) =>
        {
            var names = handler.MethodInfo.GetParameters().Select(parameter => parameter.Name ?? "").ToArray();
            return call =>
            {
                AuditArguments.Note(call.HttpContext, audit, names.Zip(call.Arguments, (name, value) => new KeyValuePair<string, object?>(name, value)));
                return next(call);
            };
        });
    }
}
