using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Tests.Capture.SignIns;

/// <summary>Authentication handlers of the application's own, as samples of Basic and of API keys show them.</summary>
public sealed class OwnHandlerTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web => web.MapGet("/", () => "in").RequireAuthorization(policy => policy.AddAuthenticationSchemes("Partner", "Machine").RequireAuthenticatedUser()),
        buildAfter: builder =>
        {
            builder.Services.AddAuthorization();
            builder.Services.AddAuthentication("Partner")
                .AddScheme<AuthenticationSchemeOptions, Basic>("Partner", null)
                .AddScheme<AuthenticationSchemeOptions, Key>("Machine", null);
        });

    private static async Task<HttpResponseMessage> Get(RecordedApp app, params (string Header, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var (header, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await app.Client.SendAsync(request);
    }

    private static string Credentials(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    [Fact]
    public async Task AnOwnBasicHandlersFailureIsRecordedOnceWithTheHashOfTheName()
    {
        await using var app = await Start();

        await Get(app, ("Authorization", Credentials("ann", "hunter2")));

        var refused = await app.Event("authn_credential_invalid");
        Assert.Equal(("Partner", "the scheme's handler refused it"), (refused.Text("security_audit.authn.scheme"), refused.Text("event.reason")));
        Assert.NotNull(refused.Text("user.hash"));
        Assert.Null(refused.Text("security_audit.authn.evidence"));
        Assert.DoesNotContain("hunter", refused.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AnOwnKeyHandlersFailureIsRecordedWithTheHashOfTheKey()
    {
        await using var app = await Start();

        await Get(app, ("X-Api-Key", "sk-hunter2"));

        var refused = await app.Event("authn_credential_invalid");
        Assert.Equal("Machine", refused.Text("security_audit.authn.scheme"));
        Assert.Matches("^k[0-9a-f]{8}:[0-9a-f]{32}$", refused.Text("security_audit.authn.credential_hash"));
        Assert.DoesNotContain("hunter", refused.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WhereSeveralCredentialsCameNobodySaysWhichAHandlerRefused()
    {
        await using var app = await Start();

        await Get(app, ("X-Api-Key", "sk-hunter2"), ("Authorization", Credentials("ann", "hunter2")));

        Assert.All(await app.Events("authn_credential_invalid", count: 2), e =>
        {
            Assert.Null(e.Text("user.hash"));
            Assert.Null(e.Text("security_audit.authn.credential_hash"));
        });
    }

    [Fact]
    public async Task WhatAHandlerReportsByItselfIsOneEvent()
    {
        await using var app = await Start();

        await Get(app, ("Authorization", Credentials("reporting", "hunter2")));

        Assert.Equal("reported", (await app.Event("authn_login_fail")).Text("security_audit.authn.evidence"));
        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authn_credential_invalid"));
    }

    private sealed class Basic(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ISecurityAudit audit)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers.Authorization.ToString() is not { Length: > 6 } header)
            {
                return AuthenticateResult.NoResult();
            }

            var name = Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':')[0];
            if (name is "reporting")
            {
                await audit.SignInFailedAsync(new AuditUser("9", name), "wrong password");
            }

            return AuthenticateResult.Fail("Invalid user name or password hunter2");
        }
    }

    private sealed class Key(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Api-Key"].ToString() switch
        {
            "" => AuthenticateResult.NoResult(),
            "right" => AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("key")), Scheme.Name)),
            _ => AuthenticateResult.Fail("Invalid key"),
        });
    }
}
