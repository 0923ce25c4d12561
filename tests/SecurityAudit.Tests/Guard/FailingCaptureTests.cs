using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Guard;

public sealed class FailingCaptureTests
{
    private int _issued;

    [Theory]
    [InlineData("before", false)]
    [InlineData("after", false)]
    [InlineData("before", true)]
    [InlineData("after", true)]
    public async Task WhenACaptureFailsTheSessionIsIssuedOnceAndWhatTheApplicationThrowsIsItsOwn(string when, bool throws)
    {
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/in", async (HttpContext context) =>
            {
                try
                {
                    await context.SignInAsync(Some.Principal());
                    return "issued";
                }
                catch (ArithmeticException own)
                {
                    return own.Message;
                }
            }),
            buildAfter: builder =>
            {
                builder.Services.AddSingleton<IAuthenticationCapture>(new Failing(when));
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.Events.OnSigningIn = _ =>
                {
                    _issued++;
                    return throws ? throw new ArithmeticException("the application's own") : Task.CompletedTask;
                });
            });

        var answer = await app.Client.GetStringAsync(new Uri("/in", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((1, throws ? "the application's own" : "issued"), (_issued, answer));
        Assert.Equal("Failing", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseNoSessionIsIssuedThatACaptureCouldNotLookAt()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/in", () => TypedResults.SignIn(Some.Principal())),
            BrokenJournal.Refuse,
            buildAfter: builder =>
            {
                builder.Services.AddSingleton<IAuthenticationCapture>(new Failing("before"));
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => cookie.Events.OnSigningIn = _ =>
                {
                    _issued++;
                    return Task.CompletedTask;
                });
            });

        using var answer = await app.Client.GetAsync(new Uri("/in", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), (answer.StatusCode, _issued));
        Assert.Equal("Failing", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public async Task ACaptureThatCannotLookAtACredentialLeavesItsResult()
    {
        await using var app = await RecordedApp.Start(
            web =>
            {
                web.MapGet("/in", () => TypedResults.SignIn(Some.Principal()));
                web.MapGet("/name", (HttpContext context) => context.User.Identity?.Name).RequireAuthorization();
            },
            buildAfter: builder =>
            {
                builder.Services.AddSingleton<IAuthenticationCapture>(new Failing("look"));
                RecordedApp.AddCookies(builder);
            });

        await app.Client.GetAsync(new Uri("/in", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("ann", await app.Client.GetStringAsync(new Uri("/name", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("Failing", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    private sealed class Failing(string when) : IAuthenticateCapture, ISignInCapture
    {
        public async Task<AuthenticateResult> AuthenticatedAsync(Task<AuthenticateResult> authentication, HttpContext context, string? scheme)
        {
            var result = await authentication;
            return when == "look" ? throw new InvalidOperationException("hunter2") : result;
        }

        public async Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next)
        {
            Fail("before");
            try
            {
                await next.InvokeAsync(call);
            }
            finally
            {
                Fail("after");
            }
        }

        private void Fail(string at)
        {
            if (when == at)
            {
                throw new InvalidOperationException("hunter2");
            }
        }
    }
}
