using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

public sealed class ActivityTests
{
    private sealed record Marked(string Product);

    private static Task<RecordedApp> Start(bool errorPage = false) => RecordedApp.Start(
        web =>
        {
            if (errorPage)
            {
                web.UseExceptionHandler("/sorry");
                web.UseStatusCodePagesWithReExecute("/sorry");
                web.UseRouting();
                web.Map("/sorry", () => "sorry");
            }

            web.MapPost("/orders/{number:int}", (int number, string secretCode) => Results.Ok(number)).WithAudit("order.place", "number", "secretCode");
            web.MapPost("/lambda/{number:int}", [Audit("order.mark", Arguments = ["number", "note", "secretCode", "X", "order", "absent"])] (
                int number, string? note, string? secretCode, string? absent, [FromHeader(Name = "X-Reason")] string? x, Marked order, string? unnamed) =>
                    note == "break" ? throw new InvalidOperationException() : note is null ? Results.StatusCode(409) : Results.Ok());
            web.MapPost("/refused", () => Results.BadRequest()).WithAudit("order.cancel");
            web.MapPost("/broken", string () => throw new InvalidOperationException()).WithAudit("order.break");
            web.MapPost("/quiet", () => "");
            web.MapControllers();
        },
        build: builder => builder.Services.AddControllers().AddApplicationPart(typeof(ActivityTests).Assembly));

    [Fact]
    public async Task WhatPeopleDoAtAMinimalEndpointIsRecordedWithTheNamedArgumentsAndNoSecret()
    {
        await using var app = await Start();

        await app.Client.PostAsync("/orders/7?secretCode=hunter2", null);

        var placed = await app.Event("order.place");
        Assert.Equal("success", placed.Text("event.outcome"));
        Assert.Equal("7", placed.Attribute("number"));
        Assert.Equal("[redacted]", placed.Attribute("secretCode"));
        Assert.Equal("200", placed.Text("http.response.status_code"));
        Assert.DoesNotContain("hunter2", placed.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?note=fine&secretCode=hunter2&unnamed=1", "success", false)]
    [InlineData("?note=break&secretCode=hunter2", "failure", false)]
    [InlineData("?note=break&secretCode=hunter2", "failure", true)]
    [InlineData("?secretCode=hunter2", "failure", true)]
    public async Task WhatPeopleDoInALambdaThatIsMarkedItselfIsRecordedWithTheNamedArgumentsAndNoSecret(string query, string outcome, bool errorPage)
    {
        await using var app = await Start(errorPage);
        using var content = System.Net.Http.Json.JsonContent.Create(new Marked("tea pot"));
        content.Headers.Add("X-Reason", "gift");

        await app.Client.PostAsync($"/lambda/7{query}", content);

        var done = await app.Event("order.mark");
        Assert.Equal(outcome, done.Text("event.outcome"));
        Assert.Equal(("7", "[redacted]", "gift", "(Marked)"), (done.Attribute("number"), done.Attribute("secretCode"), done.Attribute("x"), done.Attribute("order")));
        Assert.Equal(query.Contains("fine", StringComparison.Ordinal) ? "fine" : query.Contains("break", StringComparison.Ordinal) ? "break" : null, done.Attribute("note"));
        Assert.Null(done.Attribute("unnamed"));
        Assert.DoesNotContain("hunter2", done.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatPeopleDoInAnMvcActionIsRecordedWithTheNamedArguments()
    {
        await using var app = await Start();

        await app.Client.PostAsync("/invoices/42/approve?note=fine", null);

        var approved = await app.Event("invoice.approve");
        Assert.Equal("42", approved.Attribute("number"));
        Assert.Null(approved.Attribute("note"));
    }

    [Theory]
    [InlineData("/refused", "order.cancel", "the application answered 400")]
    [InlineData("/broken", "order.break", "System.InvalidOperationException")]
    public async Task WhatPeopleTriedInVainIsRecordedAsAFailure(string path, string action, string reason)
    {
        await using var app = await Start();

        await app.Client.PostAsync(path, null);

        var tried = await app.Event(action);
        Assert.Equal("failure", tried.Text("event.outcome"));
        Assert.Equal(reason, tried.Text("event.reason"));
    }

    [Fact]
    public async Task WhatPeopleTriedInVainIsRecordedThoughAnErrorPageTookTheEndpointsPlace()
    {
        await using var app = await Start(errorPage: true);

        await app.Client.PostAsync("/refused", null);

        Assert.Equal("the application answered 400", (await app.Event("order.cancel")).Text("event.reason"));
    }

    [Fact]
    public async Task AnEndpointWithoutAnAuditNameIsNotRecorded()
    {
        await using var app = await Start();

        await app.Client.PostAsync("/quiet", null);

        var events = await app.Events();
        Assert.Equal(["sys_startup", "audit_coverage"], events.Select(e => e.Text("event.action")));
    }
}

[Route("invoices")]
public sealed class InvoiceController : ControllerBase
{
    [HttpPost("{number:int}/approve")]
    [Audit("invoice.approve", Arguments = ["number"])]
    public string Approve(int number, string note) => $"{number} {note}";
}
