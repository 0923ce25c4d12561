using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit;
using SecurityAudit.Capture;
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
        return builder.With(new AuditAttribute(action) { Arguments = arguments });
    }

    /// <summary>Records each call of the endpoint as an access to sensitive data, with its outcome.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="access">What is done with the data.</param>
    /// <param name="subject">What data it is, e.g. <c>patient</c>.</param>
    /// <param name="arguments">The handler's parameters whose values are recorded, by name; none unless named.</param>
    public static TBuilder WithAudit<TBuilder>(this TBuilder builder, SensitiveAccess access, string subject, params string[] arguments)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(subject);
        return builder.With(new AuditSensitiveAttribute(access, subject) { Arguments = arguments });
    }

    private static TBuilder With<TBuilder>(this TBuilder builder, AuditAttribute audit)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(audit);
        return audit.Arguments.Length == 0 ? builder : builder.AddEndpointFilterFactory((handler, next) =>
        {
            if (handler.ApplicationServices.GetService<HookFailures>() is not { } failures)
            {
                return next; // AddSecurityAudit was not called: nothing is recorded
            }

            var names = handler.MethodInfo.GetParameters().Select(parameter => parameter.Name ?? "").ToArray();
            return call =>
            {
                try
                {
                    AuditArguments.Note(call.HttpContext, audit, names.Zip(call.Arguments, (name, value) => new KeyValuePair<string, object?>(name, value)));
                }
                catch (Exception failure) when (HookFailures.Catches(failure))
                {
                    failures.Failed(ActivitiesHook.Activities, failure);
                }

                return next(call);
            };
        });
    }
}
