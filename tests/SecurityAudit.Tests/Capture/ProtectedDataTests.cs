using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Capture;

public sealed class ProtectedDataTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.MapGet("/voucher", (HttpContext context, string code, IDataProtectionProvider protection) =>
            {
                try
                {
                    return protection.CreateProtector("Shop", "voucher").Unprotect(code);
                }
                catch (CryptographicException)
                {
                    return "no such voucher";
                }
            });
            web.MapPost("/protected", async (HttpContext context, IAntiforgery antiforgery) => await antiforgery.IsRequestValidAsync(context));
            web.MapGet("/temp", (HttpContext context, ITempDataProvider temp) => temp.LoadTempData(context).Count);
            web.MapGet("/", () => "served");
        },
        build: builder =>
        {
            builder.Services.AddAntiforgery(antiforgery => (antiforgery.Cookie.Name, antiforgery.HeaderName) = ("csrf", "csrf"));
            builder.Services.AddControllersWithViews().AddCookieTempDataProvider(temp => temp.Cookie.Name = "temp");
        });

    private static string Altered(string protectedText) => protectedText[..^6] + (protectedText[^6] == 'A' ? 'B' : 'A') + protectedText[^5..];

    private static async Task SendAsync(RecordedApp app, string path, string? cookie = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatCannotBeDecryptedIsRecordedByItsPurposeAlone()
    {
        await using var app = await Start();
        var voucher = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Shop", "voucher").Protect("hunter2");

        await SendAsync(app, "/voucher?code=" + voucher);
        await SendAsync(app, "/voucher?code=" + Altered(voucher));

        var failed = await app.Event("crypt_decrypt_fail");
        Assert.Equal("what is protected for Shop, voucher", failed.Attribute("object"));
        Assert.Equal("it was altered, or made with another key, or for another purpose", failed.Text("event.reason"));
        Assert.Equal(("/voucher", "127.0.0.1"), (failed.Text("url.path"), failed.Text("source.ip")));
        Assert.DoesNotContain(voucher[..20], failed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACookieOfTheApplicationsTempDataThatWasAlteredIsRecorded()
    {
        await using var app = await Start();
        var forged = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("elsewhere").Protect("anything");

        await SendAsync(app, "/temp", "temp=" + forged);

        Assert.Contains("TempData", (await app.Event("crypt_decrypt_fail")).Attribute("object"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureThatHasAnEventOfItsOwnIsNotRecordedTwice()
    {
        await using var app = await Start();
        var forged = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("elsewhere").Protect("anything");

        await SendAsync(app, "/", ".AspNetCore.Cookies=" + forged);
        await SendAsync(app, "/protected", "csrf=" + forged, HttpMethod.Post);

        await app.Event("authn_credential_invalid");
        await app.Event("malicious_csrf");
        await app.StopAsync();
        Assert.DoesNotContain("crypt_decrypt_fail", JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")));
    }

    [Fact]
    public async Task ATokenOfIdentityThatWasForgedIsARefusedChangeAlone()
    {
        await using var host = await IdentityHost.Start();
        await host.Existing();
        var forged = host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("elsewhere").Protect([1, 2, 3]);

        await host.WithUsers(async users => await users.ResetPasswordAsync((await users.FindByNameAsync("ann"))!, Convert.ToBase64String(forged), "0ther-Passw0rd"));

        Assert.Equal(["authn_password_change_fail"], host.Audit.Actions);
    }

    [Fact]
    public async Task AFloodOfForgedPayloadsIsTenEventsAndACount()
    {
        await using var app = await Start();
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Shop");
        for (var i = 0; i < 30; i++)
        {
            Assert.Throws<CryptographicException>(() => protector.Unprotect([1, 2, 3]));
        }

        await app.Events("crypt_decrypt_fail", count: 10);
        await app.StopAsync();
        Assert.Equal("20", JournalEvents.Read(app.Directory).Last(e => e.Text("event.action") == "crypt_decrypt_fail").Text("security_audit.repeated"));
    }

    [Fact]
    public async Task WhatElseAProtectorCanDoItCanStillDo()
    {
        await using var app = await Start();
        var provider = app.Services.GetRequiredService<IDataProtectionProvider>();
        var protector = provider.CreateProtector("Shop", "voucher");
        var bytes = protector.Protect([1, 2, 3]);

        var persisted = Assert.IsType<IPersistedDataProtector>(protector, exactMatch: false);
        Assert.Equal([1, 2, 3], persisted.DangerousUnprotect(bytes, ignoreRevocationErrors: true, out _, out _));
        var limited = protector.ToTimeLimitedDataProtector();
        Assert.Equal("code", limited.Unprotect(limited.Protect("code", TimeSpan.FromDays(1))));
        Assert.Throws<CryptographicException>(() => persisted.DangerousUnprotect([1, 2, 3], ignoreRevocationErrors: true, out _, out _));
        Assert.Single(await app.Events("crypt_decrypt_fail", count: 1));
    }
}
