using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace SecurityAudit.Tests.RemoteSignIn;

/// <summary>OpenIddict as identity provider: Kestrel on loopback, its tables in SQLite, itself recorded.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Secret = "s3cret-of-the-client-KITE";

    private readonly SqliteConnection _connection;

    private Provider(RecordedApp app, SqliteConnection connection) => (App, _connection) = (app, connection);

    public RecordedApp App { get; }

    public Uri Address => App.Client.BaseAddress!;

    /// <summary>Who is signed in there; null: refuses to go on.</summary>
    public string? User { get; set; } = "ann";

    /// <summary>An error that its authorization endpoint answers.</summary>
    public string? Error { get; set; }

    public static async Task<Provider> Start(
        Action<OpenIddictServerBuilder>? server = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        Provider? provider = null;
        var app = await RecordedApp.Start(
            web => Map(web, () => provider!, map),
            buildAfter: builder =>
            {
                builder.Services.AddDbContext<Tables>(options => options.UseSqlite(connection).UseOpenIddict());
                builder.Services.AddAuthentication();
                builder.Services.AddAuthorization();
                builder.Services.AddOpenIddict()
                    .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<Tables>())
                    .AddServer(options => Configure(options, server));
                build?.Invoke(builder);
            });
        provider = new Provider(app, connection);
        await provider.Seed();
        return provider;
    }

    public async Task Register(string client, Uri redirect)
    {
        await using var scope = App.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>().CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = client,
            ClientSecret = Secret,
            RedirectUris = { redirect },
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.Revocation, Permissions.Endpoints.EndSession,
                Permissions.GrantTypes.AuthorizationCode, Permissions.GrantTypes.RefreshToken, Permissions.GrantTypes.ClientCredentials,
                Permissions.GrantTypes.Password, Permissions.ResponseTypes.Code, Permissions.Scopes.Profile,
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static void Configure(OpenIddictServerBuilder options, Action<OpenIddictServerBuilder>? server)
    {
        options.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token").SetRevocationEndpointUris("connect/revoke")
            .SetEndSessionEndpointUris("connect/logout");
        options.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow().AllowPasswordFlow();
        options.SetRefreshTokenReuseLeeway(TimeSpan.Zero);
        options.RegisterScopes(Scopes.Profile);
        options.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))).AddEphemeralSigningKey(SecurityAlgorithms.EcdsaSha256);
        var host = options.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough();
        if (server is null)
        {
            host.EnableTokenEndpointPassthrough();
        }

        server?.Invoke(options);
    }

    private static void Map(WebApplication web, Func<Provider> provider, Action<WebApplication>? map)
    {
        web.UseAuthentication();
        web.UseAuthorization();
        web.MapMethods("/connect/authorize", [HttpMethods.Get, HttpMethods.Post], (HttpContext context) => provider().Authorize(context));
        web.MapPost("/connect/token", (Delegate)Token);
        web.MapMethods("/connect/logout", [HttpMethods.Get, HttpMethods.Post], () => Results.SignOut(
            new AuthenticationProperties { RedirectUri = "/" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]));
        map?.Invoke(web);
    }

    private static async Task<IResult> Token(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (request.IsPasswordGrantType())
        {
            return request.Password == "right" ? SignIn(Principal(request.Username!, request)) : Forbid(Errors.InvalidGrant);
        }

        if (request.IsClientCredentialsGrantType())
        {
            return SignIn(Principal(request.ClientId!, request));
        }

        var found = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        return SignIn(found.Principal!);
    }

    private static IResult SignIn(ClaimsPrincipal principal) =>
        Results.SignIn(principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    private static IResult Forbid(string error) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

    private static ClaimsPrincipal Principal(string user, OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("OpenIddict", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, $"id-{user}").SetClaim(Claims.Name, user);
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    private IResult Authorize(HttpContext context) => Error is { } error ? Forbid(error)
        : User is null ? Forbid(Errors.AccessDenied)
        : SignIn(Principal(User, context.GetOpenIddictServerRequest()!));

    private async Task Seed()
    {
        await using var scope = App.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Tables>().Database.EnsureCreatedAsync();
        await Register("service", new Uri("http://127.0.0.1/none"));
    }

    internal sealed class Tables(DbContextOptions<Tables> options) : DbContext(options);
}
