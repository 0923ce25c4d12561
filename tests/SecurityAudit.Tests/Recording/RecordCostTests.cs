using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Recording;

/// <summary>What one event allocates on the thread that records it, with all that a request tells.</summary>
public sealed class RecordCostTests
{
    private const int Events = 2000;
    private const int Rounds = 20;

    [Fact]
    public async Task AnEventCostsTwoKilobytesAtMost()
    {
        await using var app = await RecordedApp.Start(
            _ => { },
            audit => audit.Configure(options => options.Detection.Enabled = false),
            builder => builder.Services.AddHttpContextAccessor());
        var audit = app.Services.GetRequiredService<ISecurityAudit>();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("203.0.113.7");
        context.Request.Method = "GET";
        context.Request.Scheme = "https";
        context.Request.Path = "/admin";
        context.Request.Headers.UserAgent = "Mozilla/5.0";
        app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = context;
        var denied = SecurityEvents.AuthzFail("Managers", "needs the role manager");

        var each = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Record(audit, denied);
            each = Math.Min(each, (GC.GetAllocatedBytesForCurrentThread() - before) / Events); // the first rounds are not optimized yet
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{each} bytes an event");
        Assert.True(each <= 2048, $"{each} bytes an event, expected at most 2,048.");
    }

    private static void Record(ISecurityAudit audit, SecurityEvent e)
    {
        for (var i = 0; i < Events; i++)
        {
            audit.Record(e);
        }
    }
}
