using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Redaction;

public sealed class RoutePathTests
{
    private static void Map(WebApplication web)
    {
        web.UsePathBase("/shop");
        web.Use(async (context, next) =>
        {
            // Before routing: no endpoint is known yet.
            if (context.Request.Query.ContainsKey("early"))
            {
                await context.RequestServices.GetRequiredService<ISecurityAudit>().RecordAsync(Some.Event("early"));
            }

            await next(context);
        });
        web.UseStatusCodePagesWithReExecute("/error/{0}");
        web.UseRouting();
        web.MapGet("/error/{code}", (string code, ISecurityAudit audit) => audit.Record(Some.Event("late")));
        foreach (var pattern in new[] { "/reset/{token}", "/door/{*otp}", "/files/{name}.{signature}", "/orders/{order}", "/confirm/{code}", "/opt/{secret?}" })
        {
            web.MapGet(pattern, (ISecurityAudit audit, HttpContext context) =>
            {
                audit.Record(Some.Event("visited"));
                return context.Request.Query.ContainsKey("fail") ? Results.StatusCode(404) : Results.Ok();
            });
        }
    }

    [Theory]
    [InlineData("/reset/hunter2", "/reset/[redacted]")]
    [InlineData("/RESET/hunter2/", "/RESET/[redacted]/")]
    [InlineData("/shop/reset/hunter2", "/shop/reset/[redacted]")]
    [InlineData("/door/a/hunter2/b", "/door/[redacted]")]
    [InlineData("/files/report.hunter2", "/files/[redacted]")]
    [InlineData("/orders/4711", "/orders/4711")]
    [InlineData("/orders/0f8fad5b-d9cb-469f-a165-70867728950e", "/orders/0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("/confirm/CfDJ8hunter2hunter2", "/confirm/[redacted]")]
    [InlineData("/confirm/dQw4w9WgXcQhunter2Zz81kPqLmN0aBcDeFgHiJ", "/confirm/[redacted]")]
    [InlineData("/opt", "/opt")]
    [InlineData("/opt/hunter2", "/opt/[redacted]")]
    public async Task ASensitiveRouteValueIsMaskedInThePathWheneverTheEventIsRecorded(string path, string recorded)
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.GetAsync(path + "?early=1&fail=1");

        Assert.Equal(recorded, (await app.Event("visited")).Text("url.path"));
        Assert.Equal(recorded, (await app.Event("early")).Text("url.path"));
        Assert.All(await app.Events(), e => Assert.DoesNotContain("hunter2", e.GetRawText(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/reset/hunter2", "/reset/[redacted]")]
    [InlineData("/old/reset/hunter2", "/old/reset/[redacted]")]
    [InlineData("/reset/hunter2/more", "/reset/[redacted]/more")]
    [InlineData("/gone/1a79a4d60de6718e8e5b326e338ae533", "/gone/[redacted]")]
    [InlineData("/gone/Zx8kQ2vR7wLp4TnB6yHs9dFg", "/gone/[redacted]")]
    [InlineData("/gone/the-long-title-of-an-article-2025", "/gone/the-long-title-of-an-article-2025")]
    public async Task WhereNoEndpointMatchesTheKnownPatternsAndLongRandomSegmentsAreMasked(string path, string recorded)
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.PostAsync(path + "?early=1", null);

        Assert.Equal(recorded, (await app.Event("early")).Text("url.path"));
    }
}
