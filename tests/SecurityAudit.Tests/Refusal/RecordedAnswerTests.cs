using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Refusal;

/// <summary>The moment of failing: the journal can no longer be written, and nobody knows it yet.</summary>
public sealed class RecordedAnswerTests
{
    private static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/sign-in", async (string password, SignInManager<ShopUser> manager) =>
            (await manager.PasswordSignInAsync("ann", password, isPersistent: false, lockoutOnFailure: true)).Succeeded
                ? Results.Ok("welcome") : Results.Json("wrong", statusCode: 401));
        app.MapPost("/own-login", async (string password, UserManager<ShopUser> users) =>
            await users.CheckPasswordAsync((await users.FindByNameAsync("ann"))!, password) ? Results.Ok("a token") : Results.Json("wrong", statusCode: 401));
        app.MapPost("/lookup", async (string password, UserManager<ShopUser> users) =>
            await users.FindByNameAsync("nobody" + password) is null ? Results.Json("wrong", statusCode: 401) : Results.Ok());
        app.MapPost("/vault", (string password) => $"opened with {password}").WithAudit("vault.open");
        app.MapPost("/record", (string password, ISecurityAudit audit) =>
        {
            audit.Record(Some.Event());
            return password;
        });
        app.MapPost("/denied", (string password) => Results.Json(password, statusCode: 403));
        app.MapPost("/thrown", string (string password) => throw new InvalidOperationException(password));
        app.MapPost("/role", async (string password, UserManager<ShopUser> users) =>
            (await users.SetEmailAsync((await users.FindByNameAsync("ann"))!, password + "@example.org")).ToString());
        app.MapPost("/synchronous", (string password, ISecurityAudit audit, HttpContext context) =>
        {
            audit.Record(Some.Event());
            context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            context.Response.Body.Write("written"u8);
        });
        app.MapPost("/sent", async (string password, ISecurityAudit audit, HttpContext context) =>
        {
            audit.Record(Some.Event());
            await context.Response.SendFileAsync(typeof(RecordedAnswerTests).Assembly.Location, 0, 10);
        });
        app.MapPost("/started", async (string password, ISecurityAudit audit, HttpContext context) =>
        {
            audit.Record(Some.Event());
            await context.Response.StartAsync();
            await context.Response.CompleteAsync();
        });
        app.MapPost("/piped", (string password, ISecurityAudit audit, HttpContext context) =>
        {
            audit.Record(Some.Event());
            context.Response.BodyWriter.GetSpan(10);
            context.Response.BodyWriter.Advance(10);
        });
    }

    [Theory]
    [InlineData("/sign-in", IdentityHost.Password, "session_created")]
    [InlineData("/sign-in", "wrong", "authn_login_fail")]
    [InlineData("/own-login", IdentityHost.Password, "authn_login_success")]
    [InlineData("/own-login", "wrong", "authn_login_fail")]
    [InlineData("/lookup", "wrong", "authn_login_fail")]
    [InlineData("/vault", "key", "vault.open")]
    [InlineData("/record", "x", "invoice_approved")]
    [InlineData("/denied", "x", "authz_fail")]
    [InlineData("/thrown", "x", "app_exception")]
    [InlineData("/role", "new", "user_email_changed")]
    [InlineData("/synchronous", "x", "invoice_approved")]
    [InlineData("/sent", "x", "invoice_approved")]
    [InlineData("/started", "x", "invoice_approved")]
    [InlineData("/piped", "x", "invoice_approved")]
    public async Task WhereTheOwnerChoseRefuseNoAnswerLeavesBeforeItsRecordIsOnDisk(string path, string password, string action)
    {
        await using var host = await Start();
        await host.Existing();
        var url = $"{path}?password={Uri.EscapeDataString(password)}";
        var broken = await BrokenJournal.Silently(host.Services);

        var answer = await host.Client.PostAsync(url, null);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        await broken.Mend();
        Assert.Equal(HttpStatusCode.OK, (await host.Client.PostAsync("/record?password=x", null)).StatusCode);
        // What was taken into memory is not lost, only late.
        Assert.Contains($"\"event.action\":\"{action}\"", await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseWhatHappensAllTheSameIsCountedAndStandsInTheJournalAsAGap()
    {
        await using var host = await IdentityHost.Start(configure: BrokenJournal.Refuse, identity: services => services
            .AddAuthentication().Services
            .AddIdentityCore<ShopUser>()
            .AddUserStore<MemoryStore>());
        var eve = new ShopUser { UserName = "eve" };
        await host.WithUsers(users => users.CreateAsync(eve, IdentityHost.Password));
        var broken = await BrokenJournal.Down(host);

        // Nothing is asked before a store of one's own deletes.
        var (answer, _) = await host.Tried(context => context.RequestServices.GetRequiredService<UserManager<ShopUser>>().DeleteAsync(eve));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        await broken.Mend();
        Assert.Contains("\"security_audit.journal.dropped\":1", await host.Journal(), StringComparison.Ordinal);
        Assert.Equal(1, host.Services.GetRequiredService<JournalWriter>().Health.Dropped);
    }

    private static Task<IdentityHost> Start() => IdentityHost.Start(
        configure: audit =>
        {
            BrokenJournal.Refuse(audit);
            // Or a signature finds out first, and the attempt is refused before it is one.
            audit.ConfigureJournal(journal => journal.CheckpointInterval = journal.HeartbeatInterval = TimeSpan.FromHours(1));
        },
        map: app =>
        {
            app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry")));
            Map(app);
        });
}
