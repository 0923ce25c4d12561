using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Capture.SignIns;

public sealed class ReportedSignInTests
{
    private static void Map(WebApplication web)
    {
        web.MapPost("/login", async (HttpContext context, ISecurityAudit audit, string name, string password) =>
        {
            if (password != "right")
            {
                await audit.SignInFailedAsync(AuditUser.Claimed(name), "wrong password", "password");
                return Results.Unauthorized();
            }

            await audit.SignedInAsync(Some.User(name), "password");
            await context.SignInAsync(Some.Principal(name));
            return Results.Ok();
        });
        web.MapPost("/twice", (ISecurityAudit audit) =>
        {
            audit.SignInFailed(Some.User("ann"), "wrong password");
            audit.SignInFailed(Some.User("bob"), "wrong password");
        });
    }

    [Fact]
    public async Task ASignInThatTheApplicationReportsAsFailedIsRecordedOnceAndExplainsItsAnswer()
    {
        await using var app = await RecordedApp.Start(Map);

        var answer = await app.Client.PostAsync("/login?name=ann&password=wrong", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var failed = await app.Event("authn_login_fail");
        Assert.Equal(("wrong password", "password", "reported"),
            (failed.Text("event.reason"), failed.Text("security_audit.authn.method"), failed.Text("security_audit.authn.evidence")));
        Assert.NotNull(failed.Text("user.hash"));
        Assert.Null(failed.Text("user.name"));
        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task ASignInThatTheApplicationReportsIsOneBesideItsSession()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.PostAsync("/login?name=ann&password=right", null);

        Assert.Equal("ann", (await app.Event("authn_login_success")).Text("user.name"));
        await app.Event("session_created");
    }

    [Fact]
    public async Task TwoSignInsThatTheApplicationReportsAreTwo()
    {
        await using var app = await RecordedApp.Start(Map);

        await app.Client.PostAsync("/twice", null);

        Assert.Equal(["ann", "bob"], (await app.Events("authn_login_fail", count: 2)).Select(e => e.Text("user.name")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatIdentitySawAndTheApplicationReportsTooIsOneEvent(bool isReportedFirst)
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            var audit = context.RequestServices.GetRequiredService<ISecurityAudit>();
            if (isReportedFirst)
            {
                audit.SignInFailed(new AuditUser(null, "ann"), "wrong password");
            }

            await context.RequestServices.GetRequiredService<SignInManager<ShopUser>>().PasswordSignInAsync("ann", "wrong", isPersistent: false, lockoutOnFailure: true);
            if (!isReportedFirst)
            {
                audit.SignInFailed(new AuditUser(null, "ann"), "wrong password");
            }
        });

        Assert.Equal(["authn_login_fail"], host.Audit.Actions);
    }

    [Fact]
    public async Task ASignInOfASecondAccountThatTheApplicationReportsIsASecondEvent()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();

        await host.InRequest(async context =>
        {
            await context.RequestServices.GetRequiredService<SignInManager<ShopUser>>().PasswordSignInAsync("ann", "wrong", isPersistent: false, lockoutOnFailure: true);
            context.RequestServices.GetRequiredService<ISecurityAudit>().SignInFailed(new AuditUser(null, "bob"), "wrong password");
        });

        Assert.Equal(["authn_login_fail", "authn_login_fail"], host.Audit.Actions);
    }

    [Fact]
    public async Task OutsideOfRequestsASignInThatTheApplicationReportsIsRecordedToo()
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.SignInFailedAsync(Some.User(), "wrong password", cancellationToken: TestContext.Current.CancellationToken);

        await app.Event("authn_login_fail");
    }
}
