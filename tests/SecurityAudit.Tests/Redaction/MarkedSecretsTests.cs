using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Redaction;

/// <summary>Every flow of a real application with marked secrets wherever a secret can stand; then the bytes of the journal are searched.</summary>
public sealed class MarkedSecretsTests
{
    private readonly MarkedSecrets _secrets = new();

    [Fact]
    public async Task NoSecretIsInTheJournalInWhateverPlaceItCameOrInWhateverForm()
    {
        await using var host = await Start();
        await host.Existing("ann");

        await RequestsAsync(host);
        await ExceptionsAsync(host);
        await SignInsAsync(host);
        await AccountAsync(host);
        await TokensAsync(host);

        Assert.InRange(_secrets.Count, 60, 200);
        Assert.Empty(_secrets.FoundIn(await host.Journal()));
    }

    [Fact]
    public void TheSearchFindsASecretInEachOfItsForms()
    {
        var secret = _secrets.Word("a test");

        Assert.All(
            [
                $"x{secret}x", JsonSerializer.Serialize(secret), Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), WebUtility.HtmlEncode(secret),
                Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:" + secret)), Convert.ToBase64String(Encoding.UTF8.GetBytes("al:" + secret + "|")),
                Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret))),
                Convert.ToBase64String(CryptographicOperations.HashData(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(secret))),
            ],
            text => Assert.NotEmpty(_secrets.FoundIn(text)));
        Assert.Empty(_secrets.FoundIn("lemon tree"));
    }

    private static Task<IdentityHost> Start() => IdentityHost.Start(
        identity: IdentityHost.AddApiIdentity,
        map: web =>
        {
            web.UseExceptionHandler("/error");
            web.MapGet("/error", () => Results.StatusCode(500));
            web.MapGet("/reset/{token}", (string token) => Results.NotFound()).RequireAuthorization();
            web.MapGet("/invite/{code}", (string code) => Results.NotFound()).RequireAuthorization();
            web.MapPost("/form", async (HttpContext context, IAntiforgery antiforgery) =>
            {
                await antiforgery.ValidateRequestAsync(context);
                return (await context.Request.ReadFormAsync()).Count;
            });
            web.MapPost("/pay", ([FromHeader(Name = "X-Api-Key")] string apiKey, string cardNumber, string pin, Payment payment) => Results.StatusCode(403))
                .WithAudit("order.pay");
            web.MapGet("/throw", (string message, string kind) => Thrown(message, kind));
        });

    private static IResult Thrown(string message, string kind) => throw (kind switch
    {
        "inner" => new InvalidOperationException("The outer failed.", new FormatException(message)),
        "many" => new AggregateException("Several failed.", new FormatException(message), new TimeoutException(message)),
        "data" => new InvalidOperationException("It failed.") { Data = { ["secret"] = message, [message] = 1 }, HelpLink = message, Source = message },
        "database" => new DbUpdateException($"Violated: ({message})", new FormatException($"Parameters: [p0='{message}'] (Size = 20)")),
        _ => new InvalidOperationException($"It failed for '{message}'."),
    });

    private async Task RequestsAsync(IdentityHost host)
    {
        foreach (var path in (string[])[
            $"/reset/{Uri.EscapeDataString(_secrets.Word("route value named token"))}", $"/invite/{_secrets.Random("route value named code")}",
            $"/gone/{_secrets.Random("segment of no route")}", $"/reset/{_secrets.Plain("route value with more behind it")}/more"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?anything={Uri.EscapeDataString(_secrets.Word("query of " + path[..5]))}");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _secrets.Random("bearer of " + path[..5]));
            request.Headers.TryAddWithoutValidation(
                "Cookie", $"session={_secrets.Random("cookie of " + path[..5])}; .AspNetCore.Identity.Application={_secrets.Random("identity cookie of " + path[..5])}");
            request.Headers.TryAddWithoutValidation("X-Api-Key", _secrets.Plain("api key of " + path[..5]));
            request.Headers.TryAddWithoutValidation("Referer", "https://x/?token=" + _secrets.Random("referer of " + path[..5]));
            request.Headers.TryAddWithoutValidation("Origin", $"https://ann:{_secrets.Plain("origin of " + path[..5])}@x");
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", _secrets.Plain("forwarded of " + path[..5]));
            request.Headers.TryAddWithoutValidation("User-Agent", "curl/8 token=" + _secrets.Plain("agent of " + path[..5]));
            request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            request.Headers.TryAddWithoutValidation("tracestate", "vendor=" + _secrets.Plain("tracestate of " + path[..5]));
            request.Headers.TryAddWithoutValidation("baggage", "key=" + _secrets.Plain("baggage of " + path[..5]));
            await host.Send(() => host.Client.SendAsync(request));
        }

        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", _secrets.Random("antiforgery token")), new("Password", _secrets.Word("form field Password")),
            new("note", _secrets.Word("form field note")),
        ]);
        await host.Send(() => host.Client.PostAsync("/form", form));
        using var pay = new HttpRequestMessage(HttpMethod.Post, $"/pay?cardNumber={_secrets.Plain("argument cardNumber")}&pin={_secrets.Plain("argument pin")}");
        pay.Headers.TryAddWithoutValidation("X-Api-Key", _secrets.Plain("argument from a header"));
        pay.Content = JsonContent.Create(new Payment(_secrets.Word("property Iban of an argument"), _secrets.Word("property Secret of an argument")));
        await host.Send(() => host.Client.SendAsync(pay));
    }

    private async Task ExceptionsAsync(IdentityHost host)
    {
        foreach (var kind in (string[])["plain", "inner", "many", "data", "database"])
        {
            await host.Send(() => host.Client.GetAsync($"/throw?kind={kind}&message={Uri.EscapeDataString(_secrets.Word($"exception, {kind}"))}"));
        }
    }

    private async Task SignInsAsync(IdentityHost host)
    {
        await host.Login("ann", _secrets.Word("wrong password"));
        await host.Login(_secrets.Word("password typed as a name"), "wrong");
        await host.Login(_secrets.Word("name of nobody"), _secrets.Word("password of nobody"));
        await host.Send(() => host.Client.PostAsJsonAsync("/login", new
        {
            email = "ann", password = _secrets.Word("wrong password of the API"), twoFactorCode = _secrets.Plain("two-factor code"),
            twoFactorRecoveryCode = _secrets.Plain("recovery code"),
        }));
        await host.Send(() => host.Client.PostAsJsonAsync("/register", new { email = _secrets.Plain("refused name") + " @x", password = _secrets.Word("refused password") }));
        await host.Send(() => host.Client.PostAsJsonAsync("/forgotPassword", new { email = _secrets.Plain("forgotten name") + "@example.org" }));
        await host.Send(() => host.Client.PostAsJsonAsync(
            "/resetPassword", new { email = "ann@example.org", resetCode = _secrets.Random("wrong reset code"), newPassword = _secrets.Word("new password by a wrong code") }));
        await host.Send(() => host.Client.GetAsync($"/confirmEmail?userId=1&code={_secrets.Random("confirmation code")}"));
        await host.InRequest(context => context.RequestServices.GetRequiredService<SignInManager<ShopUser>>()
            .ExternalLoginSignInAsync("Contoso", _secrets.Random("provider key"), isPersistent: false));
        await host.Send(() => host.Client.PostAsJsonAsync("/refresh", new { refreshToken = _secrets.Random("forged refresh token") }));
        var wrong = _secrets.Random("forged basic");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/reset/x");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:" + wrong)));
        await host.Send(() => host.Client.SendAsync(request));
    }

    private async Task AccountAsync(IdentityHost host) => await host.WithUsers(async users =>
    {
        var ann = (await users.FindByNameAsync("ann"))!;
        var password = _secrets.Word("new password") + "A1";
        await users.ChangePasswordAsync(ann, IdentityHost.Password, password);
        await users.ChangePasswordAsync(ann, _secrets.Word("wrong old password"), password);
        await users.ResetPasswordAsync(ann, _secrets.Given(await users.GeneratePasswordResetTokenAsync(ann), "reset token"), password + "2");
        await users.AddClaimAsync(ann, new Claim("api_key", _secrets.Word("claim by a sensitive name")));
        await users.ResetAuthenticatorKeyAsync(ann);
        _secrets.Given((await users.GetAuthenticatorKeyAsync(ann))!, "authenticator key");
        foreach (var code in (await users.GenerateNewTwoFactorRecoveryCodesAsync(ann, 3))!)
        {
            _secrets.Given(code, "recovery code that was made " + code[..2]);
        }

        await users.SetAuthenticationTokenAsync(ann, "Contoso", "access_token", _secrets.Random("token of a provider"));
        await users.AddLoginAsync(ann, new UserLoginInfo("Contoso", _secrets.Random("linked provider key"), "Contoso"));
        await users.ChangeEmailAsync(ann, "new@example.org", _secrets.Random("wrong change token"));
        ann.FavouriteColour = _secrets.Word("property that nobody named sensitive");
        await users.UpdateAsync(ann);
        _secrets.Given(ann.PasswordHash!, "password hash");
        _secrets.Given(ann.SecurityStamp!, "security stamp");
    });

    private async Task TokensAsync(IdentityHost host)
    {
        await host.Existing("bob");
        var cookies = await host.Send(() => host.Client.PostAsJsonAsync("/login?useCookies=true", new { email = "bob", password = IdentityHost.Password }));
        foreach (var cookie in cookies.Headers.GetValues("Set-Cookie"))
        {
            _secrets.Given(cookie.Split(';')[0].Split('=', 2)[1], "session cookie");
        }

        var login = await host.Send(() => host.Client.PostAsJsonAsync("/login", new { email = "bob", password = IdentityHost.Password }));
        var tokens = await login.Content.ReadFromJsonAsync<JsonElement>();
        _secrets.Given(tokens.GetProperty("accessToken").GetString()!, "access token");
        var refresh = _secrets.Given(tokens.GetProperty("refreshToken").GetString()!, "refresh token");
        await host.Send(() => host.Client.PostAsJsonAsync("/refresh", new { refreshToken = refresh }));
        await host.InRequest(context => context.RequestServices.GetRequiredService<ISecurityAudit>().RecordAsync(
            SecurityEvents.AuthnTokenRevoked(Some.User(), _secrets.Random("token id of a call"))
                .WithAttribute("client_secret", _secrets.Word("attribute")) with { Reason = "password=" + _secrets.Plain("reason") }).AsTask());
    }

    private sealed record Payment(string Iban, string Secret);
}
