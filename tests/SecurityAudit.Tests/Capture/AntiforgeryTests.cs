using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Capture;

public sealed class AntiforgeryTests
{
    private const string Form = "__RequestVerificationToken";

    [Fact]
    public async Task ARequestWithoutAValidAntiforgeryTokenIsRecordedOnceWithWhatWasMissing()
    {
        await using var app = await Start();

        Assert.Equal(HttpStatusCode.BadRequest, (await Transfer(app, token: null)).StatusCode);
        await app.Client.GetStringAsync("/token");
        await Transfer(app, token: null);
        await Transfer(app, token: "forged");

        Assert.Equal(
            ["no antiforgery cookie", "no antiforgery token beside the cookie", "the antiforgery tokens are not valid"],
            (await app.Events("malicious_csrf", count: 3)).Select(e => e.Text("event.reason")));
        Assert.DoesNotContain((await app.Events()), e => e.GetRawText().Contains("forged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/asked")]
    [InlineData("/demanded")]
    public async Task AnApplicationThatValidatesByItselfIsRecordedOnce(string path)
    {
        await using var app = await Start();

        await app.Client.PostAsync(path, null);

        Assert.Equal(path, (await app.Event("malicious_csrf")).Text("url.path"));
    }

    [Fact]
    public async Task ARequestWithAValidAntiforgeryTokenIsNotRecorded()
    {
        await using var app = await Start();
        var token = await app.Client.GetStringAsync("/token");

        Assert.Equal("5", await (await Transfer(app, token)).Content.ReadAsStringAsync());

        Assert.Empty(await app.Events("malicious_csrf"));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseARequestWithoutAValidAntiforgeryTokenIsNotAnsweredUnrecorded()
    {
        await using var app = await Start(BrokenJournal.Refuse);
        await BrokenJournal.Down(app.Services);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Transfer(app, token: null)).StatusCode);
    }

    private static Task<HttpResponseMessage> Transfer(RecordedApp app, string? token) => app.Client.PostAsync(
        "/transfer",
        new FormUrlEncodedContent(token is null ? new() { ["amount"] = "5" } : new Dictionary<string, string> { ["amount"] = "5", [Form] = token }));

    private static Task<RecordedApp> Start(Action<SecurityAuditBuilder>? audit = null) => RecordedApp.Start(
        web =>
        {
            web.UseAntiforgery();
            web.MapGet("/token", (HttpContext context, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(context).RequestToken);
            web.MapPost("/transfer", ([FromForm] int amount) => amount);
            web.MapPost("/asked", async (HttpContext context, IAntiforgery antiforgery) =>
                $"{await antiforgery.IsRequestValidAsync(context)} {await antiforgery.IsRequestValidAsync(context)}");
            web.MapPost("/demanded", (HttpContext context, IAntiforgery antiforgery) => antiforgery.ValidateRequestAsync(context));
        },
        audit,
        builder => builder.Services.AddAntiforgery());
}
