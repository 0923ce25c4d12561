using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

public sealed class ActivityTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.MapPost("/orders/{number:int}", (int number, string secretCode) => Results.Ok(number)).WithAudit("order.place", "number", "secretCode");
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
