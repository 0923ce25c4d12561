using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Inventory;

/// <summary>Applications as <c>dotnet new</c> makes them, with the one line added.</summary>
public sealed class TemplateApplicationTests
{
    private static readonly Dictionary<string, (Action<WebApplicationBuilder> Build, Action<WebApplication> Map)> Templates = new(StringComparer.Ordinal)
    {
        ["webapp --auth Individual"] = (
            builder =>
            {
                builder.Services.AddDbContext<AccountsDb>(options => options.UseSqlite("Data Source=:memory:"));
                builder.Services.AddDefaultIdentity<IdentityUser>(options => options.SignIn.RequireConfirmedAccount = true).AddEntityFrameworkStores<AccountsDb>();
                OfItsOwn(builder.Services.AddRazorPages());
            },
            web =>
            {
                web.UseAuthorization();
                web.MapRazorPages();
            }),
        ["mvc"] = (
            builder => OfItsOwn(builder.Services.AddControllersWithViews()),
            web =>
            {
                web.UseAuthorization();
                web.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
            }),
        ["webapi"] = (_ => { }, web => web.MapGet("/weatherforecast", () => "mild")),
        ["webapi with JWT and an upload"] = (
            builder =>
            {
                builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
                builder.Services.AddAuthorization();
            },
            web =>
            {
                web.MapGet("/orders", () => "none").RequireAuthorization();
                web.MapPost("/photo", (IFormFile photo) => photo.Length).RequireAuthorization().DisableAntiforgery();
            }),
    };

    public static TheoryData<string> Names => [.. Templates.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task AnApplicationAsATemplateMakesItHasNothingMissingAndIsWarnedOfNothing(string template)
    {
        var log = new CollectingLogger();
        var (build, map) = Templates[template];
        await using var app = await RecordedApp.Start(
            map, build: builder => builder.Logging.AddProvider(log).AddFilter<CollectingLogger>("SecurityAudit", LogLevel.Warning), buildAfter: build);

        var coverage = await app.Event("audit_coverage");
        Assert.Empty(coverage.Texts("security_audit.coverage.missing"));
        Assert.Empty(coverage.Texts("security_audit.coverage.parts.missing"));
        Assert.Equal(("success", "21"), (coverage.Text("event.outcome"), coverage.Text("event.severity")));
        Assert.Equal(HealthStatus.Healthy, (await CoverageTests.HealthOf(app)).Status);
        Assert.DoesNotContain(log.Said, text => text.Contains("ecurity audit", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFormWithoutATokenIsMissingWhereABrowserSendsTheCredentialByItself()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapPost("/photo", (IFormFile photo) => photo.Length).DisableAntiforgery(),
            audit => audit.SignInsAreReported(),
            buildAfter: builder =>
            {
                RecordedApp.AddCookies(builder);
                builder.Services.AddAuthentication().AddJwtBearer();
            });

        var coverage = await app.Event("audit_coverage");
        Assert.Equal(["form:POST /photo"], coverage.Texts("security_audit.coverage.parts.missing"));
        Assert.Contains(
            coverage.Texts("security_audit.coverage.remedies"), remedy => remedy.Contains("accept it in SecurityAudit:AcceptedGaps", StringComparison.Ordinal));
    }

    // The controllers and pages of other tests are none of it.
    private static void OfItsOwn(IMvcBuilder mvc) => mvc.ConfigureApplicationPartManager(manager =>
    {
        foreach (var part in manager.ApplicationParts.Where(part => part is AssemblyPart { Assembly: var assembly } && assembly == typeof(RecordedApp).Assembly).ToList())
        {
            manager.ApplicationParts.Remove(part);
        }
    });

    private sealed class AccountsDb(DbContextOptions<AccountsDb> options) : IdentityDbContext(options);
}
