using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace SecurityAudit.Tests.Live;

/// <summary>A real Blazor Server application, visited by a real browser.</summary>
public sealed class CircuitTests
{
    private static Task<RecordedApp> Start(Action<IServiceCollection>? services = null, bool openAddresses = false) => RecordedApp.Start(
        web =>
        {
            web.MapGet("/login", (string name) => TypedResults.SignIn(Some.Principal(name)));
            web.MapGet("/_framework/blazor.web.js", () => TypedResults.PhysicalFile(Path.Combine(AppContext.BaseDirectory, "Live", "blazor.web.js"), "text/javascript"));
            web.UseAntiforgery();
            var pages = web.MapRazorComponents<ShopDocument>().AddInteractiveServerRenderMode();
            _ = openAddresses ? pages.AllowAnonymous() : pages;
        },
        build: builder =>
        {
            builder.Services.AddRazorComponents().AddInteractiveServerComponents();
            builder.Services.AddCascadingAuthenticationState();
            services?.Invoke(builder.Services);
        });

    private static async Task<IPage> Enter(Chromium browser, RecordedApp app, string? name = "ann")
    {
        var page = await browser.Open(app.Client.BaseAddress);
        if (name is not null)
        {
            await page.GotoAsync($"/login?name={name}");
        }

        await page.GotoAsync("/");
        await page.WaitForSelectorAsync("#ready");
        return page;
    }

    private static void IsAnnOn(JsonElement e, Type page)
    {
        Assert.Equal(("ann", "id-ann", "127.0.0.1"), (e.Text("user.name"), e.Text("user.id"), e.Text("source.ip")));
        Assert.Equal(page.FullName, e.Text("security_audit.page"));
        Assert.NotNull(e.Text("security_audit.connection.id"));
        Assert.Contains("Chrome", e.Text("user_agent.original"), StringComparison.Ordinal);
    }

    /// <summary>The browser goes first: it would try to come back while the application stops.</summary>
    private static async Task NothingElse(Chromium? browser, RecordedApp app, params string[] actions)
    {
        await (browser?.LeaveAsync() ?? Task.CompletedTask);
        await app.StopAsync();
        string[] ordinary = ["sys_startup", "audit_coverage", "session_created", "sys_shutdown"];
        Assert.Equal(actions, JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")).Where(action => !ordinary.Contains(action)));
    }

    [Fact]
    public async Task APageThatTheRouterDeniesInACircuitIsRecordedOnceAVisitAndAMenuIsNot()
    {
        await using var browser = await Chromium.Start();
        await using var app = await Start();
        var page = await Enter(browser, app);

        await page.ClickAsync("#managers");
        await page.WaitForSelectorAsync("#denied >> text=ManagersPage");
        await page.ClickAsync("#owners");
        await page.WaitForSelectorAsync("#denied >> text=OwnersPage");
        await page.ClickAsync("#managers");
        await page.WaitForSelectorAsync("#denied >> text=ManagersPage");

        var denied = await app.Events("authz_fail", count: 3);
        Type[] pages = [typeof(ManagersPage), typeof(OwnersPage), typeof(ManagersPage)];
        Assert.All(denied.Zip(pages), pair => IsAnnOn(pair.First, pair.Second));
        Assert.Equal(["Managers", null, "Managers"], denied.Select(e => e.Text("rule.name")));
        Assert.Equal(
            $"ann was denied the page {typeof(ManagersPage).FullName}: policy Managers, inferred from what the page demands: needs the role manager.",
            denied[0].Text("message"));
        await NothingElse(browser, app, "authz_fail", "authz_fail", "authz_fail");
    }

    [Fact]
    public async Task ADenialInACircuitOfSomebodyNotSignedInIsOfLowSeverity()
    {
        await using var browser = await Chromium.Start();
        await using var app = await Start();
        var page = await Enter(browser, app, name: null);

        await page.ClickAsync("#owners");
        await page.WaitForSelectorAsync("#denied >> text=OwnersPage");

        var denied = await app.Event("authz_fail");
        Assert.Equal(("21", null, null), (denied.Text("event.severity"), denied.Text("user.id"), denied.Text("security_audit.owasp.level")));
        await NothingElse(browser, app, "authz_fail");
    }

    [Fact]
    public async Task APageThatTheRouterDeniesBeforeItsCircuitBeginsIsRecordedOnceThoughTheAnswerIs200()
    {
        await using var app = await Start(openAddresses: true);
        await app.Client.GetAsync("/login?name=ann", TestContext.Current.CancellationToken);

        Assert.Contains("OwnersPage", await app.Client.GetStringAsync("/owners", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("home", await app.Client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var denied = await app.Event("authz_fail");
        Assert.Equal(("ann", typeof(OwnersPage).FullName, "/owners"), (denied.Text("user.name"), denied.Text("security_audit.page"), denied.Text("url.path")));
        Assert.Equal("inferred from what the page demands: needs the role owner", denied.Text("event.reason"));
        await NothingElse(browser: null, app, "authz_fail");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnExceptionThatEndsACircuitIsRecordedOnceWithItsUserAndPageWhateverTheApplicationsLogTakes(bool silent)
    {
        await using var browser = await Chromium.Start();
        await using var app = await Start(services => services.AddLogging(logging => _ = silent ? logging.SetMinimumLevel(LogLevel.None) : logging));
        var page = await Enter(browser, app);

        await page.ClickAsync("#break");

        var thrown = await app.Event("app_exception");
        IsAnnOn(thrown, typeof(HomePage));
        Assert.Equal(("System.InvalidOperationException", "false"), (thrown.Text("error.type"), thrown.Text("security_audit.error.handled")));
        Assert.StartsWith($"The page {typeof(HomePage).FullName} met the exception", thrown.Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.GetRawText(), StringComparison.Ordinal);
        await NothingElse(browser, app, "app_exception");
    }

    [Fact]
    public async Task AnExceptionThatAnErrorBoundaryShowsIsRecordedOnceAsHandled()
    {
        await using var browser = await Chromium.Start();
        await using var app = await Start();
        var page = await Enter(browser, app);

        await page.ClickAsync("#fragile");
        await page.WaitForSelectorAsync("#sorry");

        var thrown = await app.Event("app_exception");
        IsAnnOn(thrown, typeof(HomePage));
        Assert.Equal(("System.NotSupportedException", "true"), (thrown.Text("error.type"), thrown.Text("security_audit.error.handled")));
        await NothingElse(browser, app, "app_exception");
    }

    [Fact]
    public async Task AnExceptionInAMethodThatTheBrowserCallsIsRecordedOnceAsHandled()
    {
        await using var browser = await Chromium.Start();
        await using var app = await Start();
        var page = await Enter(browser, app);

        await Assert.ThrowsAnyAsync<PlaywrightException>(() => page.EvaluateAsync("() => DotNet.invokeMethodAsync('SecurityAudit.Tests', 'Fail')"));

        var thrown = await app.Event("app_exception");
        IsAnnOn(thrown, typeof(HomePage));
        Assert.Equal(("System.FormatException", "true"), (thrown.Text("error.type"), thrown.Text("security_audit.error.handled")));
        await NothingElse(browser, app, "app_exception");
    }

    [Fact]
    public async Task ABrowserThatLeavesItsCircuitIsNoException()
    {
        await using var browser = await Chromium.Start();
        await using var app = await Start();
        var page = await Enter(browser, app);

        await page.CloseAsync();

        await NothingElse(browser, app);
    }

    [Fact]
    public async Task CircuitsAreCoveredThoughTheApplicationMakesItsOwnComponents()
    {
        await using var app = await Start(services => services.AddSingleton<Made>().AddSingleton<IComponentActivator, Own>());

        Assert.Contains("circuits", (await app.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
        Assert.Contains("not in the menu", await app.Client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(app.Services.GetRequiredService<Made>().Count > 0);
    }

    internal sealed class Made
    {
        public int Count { get; set; }
    }

    private sealed class Own(Made made) : IComponentActivator
    {
        public IComponent CreateInstance(Type componentType)
        {
            made.Count++;
            return (IComponent)Activator.CreateInstance(componentType)!;
        }
    }
}
