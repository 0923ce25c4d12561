using System.Text.Json;
using Autofac.Extensions.DependencyInjection;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Hosting;
using SecurityAudit.Tests.Identity;
using SecurityAudit.Tests.Live;
using SecurityAudit.Tests.Tables;

namespace SecurityAudit.Tests.Hosting;

/// <summary>One application with a part for each hook, in the framework's container and in another.</summary>
public sealed class OtherContainerTests
{
    private static Task<RecordedApp> Start(bool hasAutofac, bool isFirst) => RecordedApp.Start(
        web =>
        {
            web.UseRateLimiter();
            web.UseGrpcWeb();
            web.UseAntiforgery();
            web.MapGet("/login", (string name) => TypedResults.SignIn(Some.Principal(name)));
            web.MapHub<RoomHub>("/rooms");
            web.MapGrpcService<VaultService>().EnableGrpcWeb();
            web.MapRazorComponents<ShopDocument>().AddInteractiveServerRenderMode();
            web.MapGet("/member", async (TenantDb database) =>
            {
                database.Members.Add(new TenantMember { Person = "ann" });
                await database.SaveChangesAsync();
            });
            web.MapGet("/voucher", (IDataProtectionProvider protection) => protection.CreateProtector("voucher").Unprotect(protection.CreateProtector("other").Protect("7")));
        },
        audit => audit.SignInsAreReported().Track<TenantMember>(),
        build: builder =>
        {
            if (hasAutofac)
            {
                builder.Host.UseServiceProviderFactory(new AutofacServiceProviderFactory());
            }

            if (isFirst)
            {
                builder.AddSecurityAudit();
            }

            AddParts(builder);
        });

    private static void AddParts(WebApplicationBuilder builder)
    {
        builder.Services.AddDbContext<TenantDb>((provider, database) => database
            .UseSqlite($"Data Source={Path.Combine(provider.GetRequiredService<IWebHostEnvironment>().ContentRootPath, "tenants.db")};Pooling=false"));
        builder.Services.AddSingleton<Arrivals>();
        builder.Services.AddSignalR();
        builder.Services.AddGrpc();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddAntiforgery();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddCors();
        builder.Services.AddIdentityCore<ShopUser>().AddUserStore<MemoryStore>();
        builder.Services.AddAuthentication().AddOAuth("elsewhere", options =>
        {
            (options.ClientId, options.ClientSecret, options.CallbackPath) = ("shop", "secret", "/signin-elsewhere");
            (options.AuthorizationEndpoint, options.TokenEndpoint) = ("https://login.example/authorize", "https://login.example/token");
            options.SignInScheme = "Cookies";
        });
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task EachHookRecordsTheSameInTheContainerOfTheFrameworkAndInAnother(bool hasAutofac, bool isFirst)
    {
        await using var app = await Start(hasAutofac, isFirst);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<TenantDb>().Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        }

        var coverage = await app.Event("audit_coverage");
        Assert.Equal(CaptureHooks.All.Select(hook => hook.Name).Except(["token_requests"]), coverage.Texts("security_audit.coverage.captured"));
        Assert.Empty(coverage.Texts("security_audit.coverage.missing"));
        Assert.Empty(coverage.Texts("security_audit.coverage.parts.missing"));

        await using (var rooms = await app.Connect())
        {
            await Assert.ThrowsAsync<HubException>(() => rooms.InvokeAsync("Close", "red"));
            await Assert.ThrowsAsync<HubException>(() => rooms.InvokeAsync("Break", "red"));
        }

        await CallAsync(app);
        using (await app.Client.GetAsync("/member", TestContext.Current.CancellationToken))
        using (await app.Client.GetAsync("/voucher", TestContext.Current.CancellationToken))
        using (await app.Client.GetAsync("/signin-elsewhere?code=forged", TestContext.Current.CancellationToken))
        {
            await IsRecordedAsync(app);
        }
    }

    private static async Task IsRecordedAsync(RecordedApp app)
    {
        var denied = await app.Event("authz_fail", e => e.Text("rpc.system") == "signalr");
        Assert.Equal(("Managers", "needs the role manager", "Close"), (denied.Text("rule.name"), denied.Text("event.reason"), denied.Text("rpc.method")));
        await app.Event("app_exception", e => e.Text("rpc.method") == "Break");
        await app.Event("app_exception", e => e.Text("rpc.service") == "bank.Vault");
        Assert.Equal("ann", (await app.Event("authz_change")).Texts("security_audit.change.after").Single(value => value.StartsWith("Person=", StringComparison.Ordinal))[7..]);
        await app.Event("crypt_decrypt_fail");
        Assert.Equal("elsewhere", (await app.Event("authn_external_login_fail")).Text("security_audit.authn.scheme"));
    }

    /// <summary>A call of the gRPC service that throws, by a client that is signed in.</summary>
    private static async Task CallAsync(RecordedApp app)
    {
        using var login = await app.Client.GetAsync("/login?name=ann", TestContext.Current.CancellationToken);
        var headers = new Metadata { { "cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0] } };
        using var channel = GrpcChannel.ForAddress(
            app.Client.BaseAddress!, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(new HttpClientHandler()), HttpVersion = new Version(1, 1) });
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(VaultContract.Method("Count"), null, new CallOptions(headers), "gold");
        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }
}
