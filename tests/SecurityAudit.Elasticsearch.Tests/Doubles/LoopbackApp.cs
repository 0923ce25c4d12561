using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>What stands in for a product, on a free port of this machine.</summary>
internal static class LoopbackApp
{
    /// <param name="mapped">Makes the double, which maps what it answers.</param>
    public static async Task<T> StartAsync<T>(Func<WebApplication, T> mapped)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var made = mapped(app);
        await app.StartAsync();
        return made;
    }
}
