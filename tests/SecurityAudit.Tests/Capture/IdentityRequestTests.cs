using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Capture;

/// <summary>
/// Identity's endpoints through the whole path: what the journal holds of a request, and that nothing stands there twice.
/// </summary>
public sealed class IdentityRequestTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            using (var scope = web.Services.CreateScope())
            {
                scope.ServiceProvider.GetRequiredService<ShopDb>().Database.EnsureCreated();
            }

            web.MapIdentityApi<ShopUser>();
            web.MapGet("/members", () => "").RequireAuthorization();
            web.MapGet("/looked-up", async (UserManager<ShopUser> users) =>
                await users.FindByEmailAsync("bob@example.org") is null ? Results.StatusCode(401) : Results.Ok());
        },
        buildAfter: builder =>
        {
            builder.Services.AddDbContext<ShopDb>(options =>
                options.UseSqlite($"Data Source={Path.Combine(builder.Environment.ContentRootPath, "shop.db")};Pooling=false"));
            builder.Services.AddIdentityApiEndpoints<ShopUser>().AddEntityFrameworkStores<ShopDb>();
            builder.Services.AddAuthorization();
        });

    [Fact]
    public async Task AWrongPasswordAtAnApiIsAFailedSignInAndNoDenial()
    {
        await using var app = await Start();

        var answer = await app.Client.PostAsJsonAsync("/login", new { email = "ann@example.org", password = "wrong" });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var failed = await app.Event("authn_login_fail");
        Assert.NotNull(failed.Text("user.hash"));
        Assert.Null(failed.Text("user.name"));
        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task ABearerTokenIsRecordedAsItIsMadeAndItsSessionInLaterEvents()
    {
        await using var app = await Start();
        await app.Client.PostAsJsonAsync("/register", new { email = "ann@example.org", password = "Passw0rd!" });

        await app.Client.PostAsJsonAsync("/login", new { email = "ann@example.org", password = "Passw0rd!" });

        var created = await app.Event("authn_token_created");
        Assert.Equal("ann@example.org", created.Text("user.name"));
        Assert.NotNull(created.Text("session.id"));
        var success = await app.Event("authn_login_success");
        Assert.Equal("ann@example.org", success.Text("user.name"));
    }

    [Fact]
    public async Task AForgedBearerTokenThatIsRefusedIsOneEvent()
    {
        await using var app = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/members");
        request.Headers.Add("Authorization", "Bearer forged");

        var answer = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            "the credential could not be decrypted: altered, or made with another key",
            (await app.Event("authn_credential_invalid")).Text("event.reason"));
        Assert.Empty(await app.Events("authz_fail"));
    }

    [Fact]
    public async Task A401ThatSomebodySignedInGetsAfterAnAccountWasLookedUpIsADenial()
    {
        await using var app = await Start();
        await app.Client.PostAsJsonAsync("/register", new { email = "ann@example.org", password = "Passw0rd!" });
        await app.Client.PostAsJsonAsync("/login?useCookies=true", new { email = "ann@example.org", password = "Passw0rd!" });

        var answer = await app.Client.GetAsync("/looked-up");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var denied = await app.Event("authz_fail");
        Assert.Equal(("ann@example.org", "failure"), (denied.Text("user.name"), denied.Text("event.outcome")));
        Assert.Equal("the application answered 401", denied.Text("event.reason"));
    }
}
