using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Metrics;
using SecurityAudit.Tests.Capture;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Fields;

/// <summary>Every event that the library can write, through the real hosts into real journals, read back.</summary>
internal static class WrittenLines
{
    public static async Task<List<JsonElement>> AllAsync() => [.. await OfTheCatalogueAsync(), .. await OfIdentityAsync(), .. OfTheJournal()];

    /// <summary>Every factory, every hook that needs no account, detection, and what goes wrong on the way.</summary>
    private static async Task<List<JsonElement>> OfTheCatalogueAsync()
    {
        await using var app = await RecordedApp.Start(
            web =>
            {
                web.Use(async (context, next) =>
                {
                    if (context.Request.Path == "/broken")
                    {
                        context.Features.Set<IHttpConnectionFeature>(new BrokenConnection());
                    }

                    await next(context);
                });
                web.MapGet("/login", () => TypedResults.SignIn(Some.Principal("ann", "buyer")));
                web.MapGet("/fail", string () => throw new InvalidOperationException("on purpose"));
                web.MapGet("/denied", () => "never").RequireAuthorization("Managers");
                web.MapGet("/key", () => TypedResults.Unauthorized());
                web.MapGet("/order", () => "ordered").WithAudit("order.place");
                web.MapGet("/broken", (ISecurityAudit audit) => audit.Record(Some.Event()));
                web.MapGet("/all", (ISecurityAudit audit) =>
                {
                    foreach (var e in (SecurityEvent[])[.. SentenceTests.All(), .. EventTests.Catalogue(), OfAnApplication()])
                    {
                        audit.Record(e);
                    }
                });
            },
            audit => audit.Configure(options => options.Redact = (_, text) => text == "breaks the owner's redaction" ? throw new InvalidOperationException() : text));
        app.Client.DefaultRequestHeaders.Add("User-Agent", "probe/1.0");
        app.Client.DefaultRequestHeaders.Add("Cookie", ".AspNetCore.Cookies=altered");
        await app.Client.GetAsync("/denied");
        app.Client.DefaultRequestHeaders.Remove("Cookie");
        app.Client.DefaultRequestHeaders.Add("X-Api-Key", "k-1");
        await app.Client.GetAsync("/key");
        app.Client.DefaultRequestHeaders.Remove("X-Api-Key");
        foreach (var path in new[] { "/login", "/all", "/fail", "/denied", "/order", "/broken" })
        {
            await app.Client.GetAsync(path);
        }

        using (new Activity("work").Start())
        {
            app.Audit.Record(Some.Event().WithAttribute("note", "breaks the owner's redaction") with
            {
                User = WithEverything("ann"), Target = WithEverything("bob"), Effective = WithEverything("eve"),
            });
            app.Audit.Record(Some.Event() with { Effective = AuditUser.Claimed("nobody") });
            app.Audit.Record(Some.Event() with { Attributes = [.. Enumerable.Range(0, 100).Select(n => KeyValuePair.Create($"a{n}", (string?)"x"))] });
        }

        for (var i = 0; i < 12; i++)
        {
            await RawRequest.SendAsync(app.Client.BaseAddress!, "nonsense\r\n\r\n");
        }

        await app.StopAsync();
        return JournalEvents.ReadAll(app.Directory);
    }

    private static AuditUser WithEverything(string name) => Some.User(name) with { Email = $"{name}@shop.example", Roles = ["buyer"] };

    /// <summary>What an application may add, as it would.</summary>
    private static SecurityEvent OfAnApplication() => AuditFields.All.Where(field => field.Writer == FieldWriter.Application)
        .Aggregate(Some.Event(), (e, field) => e.With(field.Name, field switch
        {
            { IsList: true } => ImmutableArray.Create("x"),
            { Type: FieldType.Long } => 5L,
            { Type: FieldType.Ip } => IPAddress.Loopback,
            { Type: FieldType.GeoPoint } => "52.1,5.2",
            _ => "x",
        }));

    /// <summary>Identity: accounts, roles, sign-ins in each way.</summary>
    private static async Task<List<JsonElement>> OfIdentityAsync()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        await host.WithUsers(users => users.CreateAsync(new ShopUser { UserName = "hunter2 with a space" }, IdentityHost.Password));
        await host.WithUsers(async users => await users.SetPhoneNumberAsync((await users.FindByNameAsync("ann"))!, "5"));
        await host.InRequest(async context =>
        {
            var roles = context.RequestServices.GetRequiredService<RoleManager<IdentityRole>>();
            var role = new IdentityRole("clerk");
            await roles.CreateAsync(role);
            await roles.AddClaimAsync(role, new Claim("may", "refund"));
        });
        await host.Login("nobody");
        await host.Login("ann", "wrong");
        await host.Login("ann");
        await host.InRequest(async context =>
        {
            var users = context.RequestServices.GetRequiredService<UserManager<ShopUser>>();
            await users.CheckPasswordAsync((await users.GetUserAsync(context.User))!, "wrong");
        });
        await host.Services.GetRequiredService<JournalWriter>().FlushAsync();
        return JournalEvents.ReadAll(host.JournalDirectory);
    }

    /// <summary>Each of the journal's own lines; those of a life without trouble are in the journals above.</summary>
    private static List<JsonElement> OfTheJournal()
    {
        var now = DateTimeOffset.UnixEpoch;
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = VerifierKey.FromSpki("security-audit", pair.ExportSubjectPublicKeyInfo());
        byte[][] payloads =
        [
            ControlPayload.Opened(now, new MerkleTree(), key, new LogAddress("host", "1", "2"), 7, TimeSpan.FromMinutes(1)),
            ControlPayload.Recovered(now, 12, 3, 5, "a crash"),
            ControlPayload.Copied(now, "elsewhere"),
            ControlPayload.Gap(now, 4, now, now, "the disk was full"),
            Unsettled.WithReason(ControlPayload.Pruned(now, 0, 5, null), "nobody had them"),
            ControlPayload.KeyChanged(now, key, "endorsed"),
        ];
        return [.. payloads.Select(payload => ListedFields.Checked(JsonDocument.Parse(payload).RootElement))];
    }

    private sealed class BrokenConnection : IHttpConnectionFeature
    {
        public string ConnectionId { get; set; } = "";

        public IPAddress? RemoteIpAddress { get => throw new InvalidOperationException("no address"); set { } }

        public IPAddress? LocalIpAddress { get; set; }

        public int RemotePort { get; set; }

        public int LocalPort { get; set; }
    }
}
