using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using SecurityAudit.Capture.RemoteSignIn;

namespace SecurityAudit.Tests.RemoteSignIn;

/// <summary>Sign-ins at a real identity provider, and each way in which one fails.</summary>
public sealed class RemoteSignInTests
{
    private static async Task<JsonElement> FailedOnce(Shop shop, string scheme)
    {
        var failed = await shop.App.Event("authn_external_login_fail");
        Assert.Equal(scheme, failed.Text("security_audit.authn.scheme"));
        Assert.Equal(shop.Provider.Address.Authority, failed.Text("security_audit.authn.provider"));
        // One decision, one event: neither the exception nor the answer that follow from it are another.
        await shop.App.Audit.RecordAsync(Some.Event("after"));
        var events = await shop.App.Events();
        Assert.DoesNotContain(events, e => e.Text("event.action") is "app_exception" or "authz_fail" or "authn_login_success" or "authn_credential_invalid");
        Assert.DoesNotContain(Provider.Secret, string.Concat(events.Select(e => e.GetRawText())), StringComparison.Ordinal);
        return failed;
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task ASignInAtAProviderIsOneSuccessWithItsAccountSchemeAndProvider(string scheme)
    {
        await using var shop = await Shop.Start();

        Assert.Equal(HttpStatusCode.Redirect, await shop.SignIn(scheme));

        var success = await shop.App.Event("authn_login_success");
        Assert.Equal("ann", success.Text("user.name"));
        Assert.Equal("id-ann", success.Text("user.id"));
        Assert.Equal(scheme, success.Text("security_audit.authn.scheme"));
        Assert.Equal("external", success.Text("security_audit.authn.method"));
        Assert.Equal(shop.Provider.Address.Authority, success.Text("security_audit.authn.provider"));
        Assert.Equal("Cookies", (await shop.App.Event("session_created")).Text("security_audit.authn.scheme"));
        Assert.Empty(await shop.App.Events("authn_external_login_fail"));
        Assert.Empty(await shop.App.Events("authz_fail"));
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task WhoeverRefusesAtTheProviderIsRecordedAsRefused(string scheme)
    {
        await using var shop = await Shop.Start();
        shop.Provider.User = null;

        await shop.SignIn(scheme);

        var failed = await FailedOnce(shop, scheme);
        Assert.Equal("the provider answered access_denied: the user or the provider refused it", failed.Text("event.reason"));
        Assert.Equal(21, failed.GetProperty("event.severity").GetInt32());
    }

    [Fact]
    public async Task ARefusalIsRecordedOnceWhereThePageForItIsShown()
    {
        await using var shop = await Shop.Start(oidc => oidc.AccessDeniedPath = "/done");
        shop.Provider.User = null;

        Assert.Equal(HttpStatusCode.Redirect, await shop.SignIn("oidc"));

        await FailedOnce(shop, "oidc");
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task AnErrorOfTheProviderIsRecordedByItsCode(string scheme)
    {
        await using var shop = await Shop.Start();
        shop.Provider.Error = "temporarily_unavailable";

        await shop.SignIn(scheme);

        Assert.Equal("the provider answered temporarily_unavailable", (await FailedOnce(shop, scheme)).Text("event.reason"));
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task AnErrorThatNoStandardNamesIsNotRepeated(string scheme)
    {
        await using var shop = await Shop.Start();

        await shop.SignIn(scheme, answered: callback => Shop.With(Shop.With(callback, "error", "hunter2"), "error_description", "hunter2"));

        var failed = await FailedOnce(shop, scheme);
        Assert.Equal("the provider answered an error that no standard names", failed.Text("event.reason"));
        Assert.DoesNotContain("hunter2", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oidc", "forged", "the state could not be read: altered, or made with another key")]
    [InlineData("oidc", null, "the answer has no state")]
    [InlineData("oauth", "forged", "the state could not be read: altered, or made with another key")]
    [InlineData("oauth", null, "the answer has no state")]
    public async Task AStateThatIsNotOursIsRecorded(string scheme, string? state, string reason)
    {
        await using var shop = await Shop.Start();

        Assert.Equal(HttpStatusCode.InternalServerError, await shop.SignIn(scheme, answered: callback => Shop.With(callback, "state", state)));

        Assert.Equal(reason, (await FailedOnce(shop, scheme)).Text("event.reason"));
    }

    [Fact]
    public async Task AnAnswerWithATokenInItsAddressIsRecorded()
    {
        await using var shop = await Shop.Start();

        await shop.SignIn("oidc", answered: callback => Shop.With(callback, "id_token", "eyJhbGciOiJub25lIn0.e30."));

        Assert.Equal("the answer carries a token in its address, where none may be", (await FailedOnce(shop, "oidc")).Text("event.reason"));
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task AnAnswerInAnotherBrowserFailsCorrelation(string scheme)
    {
        await using var shop = await Shop.Start();
        var callback = await shop.Ask(await shop.Begin(scheme));
        using var other = shop.App.NewClient();

        await shop.Return(callback, other);

        Assert.Equal("the browser has no cookie of this sign-in: correlation failed", (await FailedOnce(shop, scheme)).Text("event.reason"));
    }

    [Fact]
    public async Task AWrongNonceIsRecorded()
    {
        await using var shop = await Shop.Start();

        await shop.SignIn("oidc", asked: authorize => Shop.With(authorize, "nonce", "another"));

        var failed = await FailedOnce(shop, "oidc");
        Assert.Equal("the nonce is not the one of this browser's sign-in", failed.Text("event.reason"));
        Assert.Equal(73, failed.GetProperty("event.severity").GetInt32());
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task AReplayedCodeIsRefusedAndRecorded(string scheme)
    {
        await using var shop = await Shop.Start();
        var first = await shop.Ask(await shop.Begin(scheme));
        Assert.Equal(HttpStatusCode.Redirect, await shop.Return(first));
        var code = Shop.Parameter(first, "code");
        using var other = shop.App.NewClient();
        var second = await shop.Ask(await shop.Begin(scheme, other));

        await shop.Return(Shop.With(second, "code", code), other);

        var failed = await shop.App.Event("authn_external_login_fail");
        Assert.Equal("the provider refused the code when it was exchanged: invalid_grant", failed.Text("event.reason"));
        Assert.Empty(await shop.App.Events("app_exception"));
        var journal = string.Concat((await shop.App.Events()).Concat(await shop.Provider.App.Events()).Select(e => e.GetRawText()));
        Assert.DoesNotContain(code, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(Shop.Parameter(first, "state"), journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIdTokenForSomebodyElseIsNotAccepted()
    {
        await using var shop = await Shop.Start(oidc => oidc.TokenValidationParameters.ValidAudience = "another");

        await shop.SignIn("oidc");

        Assert.Equal("the id_token was not accepted: the token is meant for somebody else", (await FailedOnce(shop, "oidc")).Text("event.reason"));
    }

    [Fact]
    public async Task ASignInThatTheApplicationItselfRefusesIsRecorded()
    {
        await using var shop = await Shop.Start(oidc => oidc.Events.OnTokenValidated = context =>
        {
            context.Fail(new UnauthorizedAccessException("not in our tenant"));
            return Task.CompletedTask;
        });

        await shop.SignIn("oidc");

        var failed = await FailedOnce(shop, "oidc");
        Assert.Equal("refused by the scheme's handler or by the application: UnauthorizedAccessException", failed.Text("event.reason"));
        Assert.DoesNotContain("tenant", failed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureThatTheApplicationAnswersIsRecordedTooAndItsHandlerIsCalled()
    {
        var called = 0;
        await using var shop = await Shop.Start(oidc => oidc.Events.OnRemoteFailure = context =>
        {
            called++;
            context.Response.StatusCode = 403;
            context.HandleResponse();
            return Task.CompletedTask;
        });

        Assert.Equal(HttpStatusCode.Forbidden, await shop.SignIn("oidc", answered: callback => Shop.With(callback, "state", "forged")));

        await FailedOnce(shop, "oidc");
        Assert.Equal(1, called);
    }

    [Fact]
    public async Task EventsFromTheContainerAreWatched()
    {
        await using var shop = await Shop.Start(
            oidc => oidc.EventsType = typeof(TenantEvents), build: builder => builder.Services.AddScoped<TenantEvents>());
        Assert.Contains("remote_sign_in", (await shop.App.Event("audit_coverage")).Texts("security_audit.coverage.captured"));

        await shop.SignIn("oidc", answered: callback => Shop.With(callback, "state", "forged"));

        await FailedOnce(shop, "oidc");
    }

    [Fact]
    public async Task EventsThatGoPastTheBaseAreSaidToBeMissingAndTheirFailureIsSeenAsItEndsThePipeline()
    {
        await using var shop = await Shop.Start(
            oidc => oidc.EventsType = typeof(OwnEvents), build: builder => builder.Services.AddScoped<OwnEvents>());
        Assert.Contains("remote_sign_in", (await shop.App.Event("audit_coverage")).Texts("security_audit.coverage.missing"));

        await shop.SignIn("oidc", asked: authorize => Shop.With(authorize, "nonce", "another"));

        Assert.Equal("the nonce is not the one of this browser's sign-in", (await FailedOnce(shop, "oidc")).Text("event.reason"));
    }

    [Fact]
    public async Task ASignInWithEventsThatGoPastTheBaseIsASuccess()
    {
        await using var shop = await Shop.Start(
            oidc => oidc.EventsType = typeof(OwnEvents), build: builder => builder.Services.AddScoped<OwnEvents>());

        await shop.SignIn("oidc");

        Assert.Equal("oidc", (await shop.App.Event("authn_login_success")).Text("security_audit.authn.scheme"));
    }

    [Fact]
    public async Task ASessionThatIsRefreshedIsNoSecondSignIn()
    {
        await using var shop = await Shop.Start(map: web => web.MapGet("/refresh", async (HttpContext context) =>
        {
            var ticket = await context.AuthenticateAsync();
            await context.SignInAsync(ticket.Principal!, ticket.Properties!);
        }));
        await shop.SignIn("oidc");

        await shop.App.Client.GetAsync("/refresh", TestContext.Current.CancellationToken);

        await shop.App.Event("session_renewed");
        await shop.App.Event("authn_login_success");
    }

    [Fact]
    public async Task ASignInThatIsOnlyAStepForIdentityIsLeftToIdentity()
    {
        await using var shop = await Shop.Start(
            oidc => oidc.SignInScheme = "Identity.External", build: builder => builder.Services.AddAuthentication().AddCookie("Identity.External"));

        Assert.Equal(HttpStatusCode.Redirect, await shop.SignIn("oidc"));

        await shop.App.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await shop.App.Events("authn_login_success"));
        Assert.Empty(await shop.App.Events("session_created"));
    }

    [Fact]
    public async Task NeitherCodeNorStateNorNonceNorAnyTokenIsInTheJournal()
    {
        await using var shop = await Shop.Start(map: web => web.MapGet("/tokens", async (HttpContext context) =>
        {
            var ticket = await context.AuthenticateAsync();
            await context.Response.WriteAsync(string.Join(' ', ticket.Properties!.GetTokens().Select(token => token.Value)));
        }));
        var authorize = await shop.Begin("oidc");
        var callback = await shop.Ask(authorize);
        Assert.Equal(HttpStatusCode.Redirect, await shop.Return(callback));
        var tokens = (await shop.App.Client.GetStringAsync("/tokens", TestContext.Current.CancellationToken)).Split(' ');
        Assert.True(tokens.Length >= 2, "the id_token and the access token at least");

        await shop.App.Event("authn_login_success");
        await shop.Provider.App.Events("authn_token_created", count: 2);
        var journal = string.Concat((await shop.App.Events()).Concat(await shop.Provider.App.Events()).Select(e => e.GetRawText()));
        Assert.All(
            [
                .. tokens.Where(token => token.Length > 20), Shop.Parameter(callback, "code"), Shop.Parameter(callback, "state"),
                Shop.Parameter(authorize, "nonce"), Shop.Parameter(authorize, "code_challenge"),
            ],
            secret => Assert.DoesNotContain(secret, journal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/signin-own", "authn_external_login_fail", "refused by the scheme's handler or by the application: AuthenticationFailureException")]
    [InlineData("/signin-own?user=ann", "authn_login_success", null)]
    public async Task ARemoteHandlerOfTheApplicationsOwnIsRecordedToo(string callback, string action, string? reason)
    {
        await using var shop = await Shop.Start(build: builder => builder.Services.AddAuthentication()
            .AddRemoteScheme<OwnOptions, OwnHandler>("own", null, own => (own.CallbackPath, own.Events) = ("/signin-own", new RemoteAuthenticationEvents())));

        await shop.Return(new Uri(callback, UriKind.Relative));

        var recorded = await shop.App.Event(action);
        Assert.Equal(("own", reason), (recorded.Text("security_audit.authn.scheme"), recorded.Text("event.reason")));
        Assert.Empty(await shop.App.Events("app_exception"));
    }

    [Fact]
    public void EveryExceptionThatIsKnownByItsNameIsThere()
    {
        var assembly = typeof(OpenIdConnectProtocolException).Assembly;

        Assert.All(RemoteFailure.Types, name => Assert.NotNull(assembly.GetType(name)));
    }

    private sealed class OwnOptions : RemoteAuthenticationOptions;

    private sealed class OwnHandler(IOptionsMonitor<OwnOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : RemoteAuthenticationHandler<OwnOptions>(options, logger, encoder)
    {
        protected override Task<HandleRequestResult> HandleRemoteAuthenticateAsync() => Task.FromResult(
            Request.Query["user"] is [{ } user]
                ? HandleRequestResult.Success(new AuthenticationTicket(Some.Principal(user), new AuthenticationProperties(), Scheme.Name))
                : HandleRequestResult.Fail("hunter2"));
    }

    private sealed class TenantEvents : OpenIdConnectEvents;

    private sealed class OwnEvents : OpenIdConnectEvents
    {
        public override Task RemoteFailure(RemoteFailureContext context) => Task.CompletedTask;

        public override Task TicketReceived(TicketReceivedContext context) => Task.CompletedTask;
    }
}
