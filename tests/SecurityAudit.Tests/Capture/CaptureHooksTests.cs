using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server;
using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Hosting;
using SecurityAudit.Tests.Identity;
using SecurityAudit.Tests.Live;
using SecurityAudit.Tests.Tables;

namespace SecurityAudit.Tests.Capture;

public sealed partial class CaptureHooksTests
{
    [Fact]
    public void TheTableInTheReadmeIsTheListOfHooks()
    {
        var readme = File.ReadAllText(Repository.PathOf("README.md"));

        var rows = Row().Matches(readme).Select(row => row.Value.TrimEnd());

        Assert.Equal(CaptureHooks.All.Select(hook => $"| **{hook.Name}** | {hook.Captures} | {hook.Through} |"), rows);
    }

    [Fact]
    public void EveryFolderOfCaptureIsOneHookAndEveryHookHasItsFolder()
    {
        var folders = Directory.GetDirectories(Repository.PathOf("src", "SecurityAudit", "Capture")).Select(folder => Path.GetFileName(folder)!);

        Assert.Equal(
            folders.Select(folder => $"SecurityAudit.Capture.{folder}.{folder}Hook").Order(StringComparer.Ordinal),
            CaptureHooks.All.Select(hook => hook.GetType().FullName!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task EveryHookThatTheApplicationHasAUseForIsReportedAtTheStart()
    {
        await using var plain = await RecordedApp.Start(_ => { });
        await using var whole = await RecordedApp.Start(
            web =>
            {
                web.UseRateLimiter();
                web.MapHub<ClosedHub>("/hub");
                web.MapGrpcService<VaultService>();
                web.UseAntiforgery();
                web.MapRazorComponents<ShopDocument>().AddInteractiveServerRenderMode();
            },
            audit => audit.SignInsAreReported().Track<TenantMember>(),
            build: builder =>
            {
                builder.Services.AddDbContext<TenantDb>(database => database.UseSqlite("Data Source=:memory:"));
                builder.Services.AddSignalR();
                builder.Services.AddGrpc();
                builder.Services.AddRazorComponents().AddInteractiveServerComponents();
                builder.Services.AddAntiforgery();
                builder.Services.AddRateLimiter();
                builder.Services.AddCors();
                builder.Services.AddAuthentication().AddOpenIdConnect(options => (options.Authority, options.ClientId) = ("https://login.example", "shop"));
                builder.Services.AddOpenIddict().AddServer(server => server
                    .AllowClientCredentialsFlow().SetTokenEndpointUris("connect/token")
                    .AddEphemeralEncryptionKey().AddEphemeralSigningKey().EnableDegradedMode()
                    .AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default))
                    .UseAspNetCore());
                builder.Services.AddIdentityCore<ShopUser>().AddUserStore<MemoryStore>();
            });

        Assert.Equal(
            ["sessions", "exceptions", "bad_requests", "denials", "probing", "redirects", "protection_keys", "protected_data", "activities"],
            (await plain.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
        Assert.Equal(CaptureHooks.All.Select(hook => hook.Name), (await whole.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }

    [GeneratedRegex(@"^\| \*\*\w+\*\* \|.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Row();
}
