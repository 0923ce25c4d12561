using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Hosting;
using SecurityAudit.Tests.Identity;
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
        await using var whole = await RecordedApp.Start(web => web.UseRateLimiter(), audit => audit.Track<TenantMember>(), builder =>
        {
            builder.Services.AddDbContext<TenantDb>(database => database.UseSqlite("Data Source=:memory:"));
            builder.Services.AddAntiforgery();
            builder.Services.AddRateLimiter();
            builder.Services.AddCors();
            builder.Services.AddIdentityCore<ShopUser>().AddUserStore<MemoryStore>();
        });

        Assert.Equal(["sessions", "exceptions", "denials", "protection_keys", "activities"], (await plain.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
        Assert.Equal(CaptureHooks.All.Select(hook => hook.Name), (await whole.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }

    [GeneratedRegex(@"^\| \*\*\w+\*\* \|.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Row();
}
