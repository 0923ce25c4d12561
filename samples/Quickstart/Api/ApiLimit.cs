using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Quickstart.Api;

internal static class ApiLimit
{
    /// <summary>How often one address may call the API within ten seconds; a person with a telephone does not come near it.</summary>
    public const int Calls = 20;

    public static void LimitShopApi(this RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
            context => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
                ? RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "", _ => Window())
                : RateLimitPartition.GetNoLimiter(""));
    }

    private static FixedWindowRateLimiterOptions Window() => new() { PermitLimit = Calls, Window = TimeSpan.FromSeconds(10) };
}
