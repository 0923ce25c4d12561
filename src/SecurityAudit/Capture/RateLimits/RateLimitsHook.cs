using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.RateLimits;

internal sealed class RateLimitsHook : CaptureHook
{
    public override string Name => "rate_limits";

    public override string Captures => "requests that the rate limiter refused, with its policy";

    public override string Through => "the rate limiter's meter";

    public override void Register(IServiceCollection services) => services.AddSingleton<IMeterObserver, RateLimitMeter>();

    // Their types are not public, but nothing else comes from that assembly.
    public override void Decorate(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType.Assembly == typeof(RateLimiterOptions).Assembly))
        {
            services.AddSingleton<Added>();
        }
    }

    /// <summary>
    /// The instruments come with the middleware, when the pipeline is built: heard, there is a limiter and it is listened to. With the
    /// services alone and no middleware nothing is limited.
    /// </summary>
    public override Coverage? Check(IServiceProvider scope)
    {
        if (scope.GetRequiredService<FrameworkMeters>().Hears(RateLimitMeter.Meter))
        {
            return CoveredIf(isInPlace: true, string.Empty);
        }

        var factory = scope.GetRequiredService<IMeterFactory>();
        return scope.GetService<Added>() is null || ReferenceEquals(factory.Create(RateLimitMeter.Meter).Scope, factory)
            ? null
            : CoveredIf(
                isInPlace: false,
                "The application's own IMeterFactory makes meters whose Scope is not itself, so that they cannot be told from another host's: "
                    + "set MeterOptions.Scope to the factory that is registered.");
    }

    /// <summary>Says that the application has the rate limiter's services.</summary>
    private sealed class Added;
}
