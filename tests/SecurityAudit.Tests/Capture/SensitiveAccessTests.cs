using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture;

public sealed class SensitiveAccessTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.MapGet("/patients/{id:int}", (int id) => id == 0 ? Results.NotFound() : Results.Ok(id)).WithAudit(SensitiveAccess.Read, "patient", "id");
            web.MapPost("/patients/{id:int}", [AuditSensitive(SensitiveAccess.Create, "patient", Arguments = ["id"])] (int id) => id);
            web.MapDelete("/patients/{id:int}", (int id) => id).WithAudit(SensitiveAccess.Delete, "patient", "id");
            web.MapControllers();
        },
        build: builder => builder.Services.AddControllers().AddApplicationPart(typeof(SensitiveAccessTests).Assembly));

    [Theory]
    [InlineData("GET", "/patients/7", "sensitive_read", "Somebody not signed in read sensitive data: patient.", "access")]
    [InlineData("POST", "/patients/7", "sensitive_create", "Somebody not signed in created sensitive data: patient.", "creation")]
    [InlineData("PUT", "/records/7", "sensitive_update", "Somebody not signed in changed sensitive data: patient.", "change")]
    [InlineData("DELETE", "/patients/7", "sensitive_delete", "Somebody not signed in deleted sensitive data: patient.", "deletion")]
    public async Task WhatIsMarkedAsSensitiveIsRecordedAsReadCreatedChangedOrDeleted(string method, string path, string action, string sentence, string type)
    {
        await using var app = await Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var sensitive = await app.Event(action);
        Assert.Equal(("success", sentence, "WARN"), (sensitive.Text("event.outcome"), sensitive.Text("message"), sensitive.Text("security_audit.owasp.level")));
        Assert.Equal(("patient", "7", "200"), (sensitive.Attribute("object"), sensitive.Attribute("id"), sensitive.Text("http.response.status_code")));
        Assert.Equal([type], sensitive.Texts("event.type"));
    }

    [Fact]
    public async Task SensitiveDataThatSomebodyDidNotGetIsRecordedAsThat()
    {
        await using var app = await Start();

        using var answer = await app.Client.GetAsync("/patients/0", TestContext.Current.CancellationToken);

        var sensitive = await app.Event("sensitive_read");
        Assert.Equal(("failure", "the application answered 404"), (sensitive.Text("event.outcome"), sensitive.Text("event.reason")));
    }
}

[Route("records")]
public sealed class RecordController : ControllerBase
{
    [HttpPut("{id}")]
    [AuditSensitive(SensitiveAccess.Update, "patient", Arguments = ["id"])]
    public int Put(int id) => id;
}
