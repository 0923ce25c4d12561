using System.Net;
using System.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.RemoteSignIn;

/// <summary>An application whose users sign in at a <see cref="Provider"/>, by OpenID Connect and by plain OAuth.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private Shop(RecordedApp app, Provider provider) => (App, Provider) = (app, provider);

    public RecordedApp App { get; }

    public Provider Provider { get; }

    public static async Task<Shop> Start(
        Action<OpenIdConnectOptions>? oidc = null, Action<OAuthOptions>? oauth = null, Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null, Action<SecurityAuditBuilder>? audit = null)
    {
        var provider = await Provider.Start();
        var app = await RecordedApp.Start(
            web =>
            {
                web.UseAuthentication();
                web.MapGet("/login/{scheme}", (string scheme) => Results.Challenge(new AuthenticationProperties { RedirectUri = "/done" }, [scheme]));
                web.MapGet("/logout", () => Results.SignOut(authenticationSchemes: [CookieAuthenticationDefaults.AuthenticationScheme, "oidc"]));
                web.MapGet("/done", () => "done");
                map?.Invoke(web);
            },
            audit,
            buildAfter: builder =>
            {
                builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie()
                    .AddOpenIdConnect("oidc", options => Configure(options, provider, oidc))
                    .AddOAuth("oauth", options => Configure(options, provider, oauth));
                build?.Invoke(builder);
            });
        await provider.Register("shop", new Uri(app.Client.BaseAddress!, "/signin-oidc"));
        await provider.Register("shop-oauth", new Uri(app.Client.BaseAddress!, "/signin-oauth"));
        return new Shop(app, provider);
    }

    /// <summary>Begins a sign-in; the address at the provider to which the browser is sent.</summary>
    public async Task<Uri> Begin(string scheme, HttpClient? browser = null)
    {
        using var answer = await (browser ?? App.Client).GetAsync($"/login/{scheme}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!;
    }

    /// <summary>Goes to the provider; the address at the application to which it sends the browser back.</summary>
    public async Task<Uri> Ask(Uri authorize)
    {
        using var answer = await Provider.App.Client.GetAsync(authorize, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return answer.Headers.Location!;
    }

    /// <summary>Brings the provider's answer back.</summary>
    public async Task<HttpStatusCode> Return(Uri callback, HttpClient? browser = null)
    {
        using var answer = await (browser ?? App.Client).GetAsync(callback, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> SignIn(string scheme, Func<Uri, Uri>? asked = null, Func<Uri, Uri>? answered = null)
    {
        var authorize = await Begin(scheme);
        var callback = await Ask(asked?.Invoke(authorize) ?? authorize);
        return await Return(answered?.Invoke(callback) ?? callback);
    }

    /// <summary>The same address with another value of one parameter; null takes it away.</summary>
    public static Uri With(Uri address, string parameter, string? value)
    {
        var query = HttpUtility.ParseQueryString(address.Query);
        if (value is null)
        {
            query.Remove(parameter);
        }
        else
        {
            query[parameter] = value;
        }

        return new UriBuilder(address) { Query = query.ToString() }.Uri;
    }

    public static string Parameter(Uri address, string parameter) => HttpUtility.ParseQueryString(address.Query)[parameter]!;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private static void Configure(OpenIdConnectOptions options, Provider provider, Action<OpenIdConnectOptions>? configure)
    {
        options.Authority = provider.Address.ToString();
        options.RequireHttpsMetadata = false;
        (options.ClientId, options.ClientSecret) = ("shop", Provider.Secret);
        options.ResponseType = "code";
        options.ResponseMode = "query";
        options.SaveTokens = true;
        // Over http on loopback.
        options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        configure?.Invoke(options);
    }

    private static void Configure(OAuthOptions options, Provider provider, Action<OAuthOptions>? configure)
    {
        options.AuthorizationEndpoint = new Uri(provider.Address, "/connect/authorize").ToString();
        options.TokenEndpoint = new Uri(provider.Address, "/connect/token").ToString();
        options.CallbackPath = "/signin-oauth";
        (options.ClientId, options.ClientSecret) = ("shop-oauth", Provider.Secret);
        options.UsePkce = true;
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Events.OnCreatingTicket = context =>
        {
            context.Principal = Some.Principal("ann");
            return Task.CompletedTask;
        };
        configure?.Invoke(options);
    }
}
