using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Guard;

public sealed class GuardTests
{
    [Theory]
    [InlineData("sessions", "GET", "/in")]
    [InlineData("sign_in", "GET", "/in")]
    [InlineData("sessions", "GET", "/in", "/out")]
    [InlineData("sessions", "GET", "/", "", "Cookie", ".AspNetCore.Cookies=forged")]
    [InlineData("sign_in", "GET", "/members")]
    [InlineData("denials", "GET", "/members")]
    [InlineData("denials", "GET", "/in", "/managers")]
    [InlineData("denials", "GET", "/in", "/menu")]
    [InlineData("antiforgery", "POST", "/form")]
    [InlineData("cross_origin", "GET", "/shared", "", "Origin", "https://elsewhere.example")]
    [InlineData("rate_limits", "GET", "/limited", "/limited")]
    [InlineData("remote_sign_in", "GET", "/back")]
    [InlineData("protected_data", "GET", "/open")]
    [InlineData("activities", "GET", "/audited?id=7")]
    [InlineData("activities", "GET", "/guarded/action?id=7")]
    [InlineData("exceptions", "GET", "/guarded/swallows")]
    [InlineData("exceptions", "GET", "/throws")]
    [InlineData("bad_requests", "GET", "/guarded/invalid?number=none")]
    public async Task AHookThatFailsChangesNothingOfAnAnswerAndIsNamed(
        string hook, string method, string path, string then = "", string header = "X-None", string value = "none")
    {
        string[] paths = then.Length == 0 ? [path] : [path, then];
        await using var app = await RecordedApp.Start(GuardedApp.Map, buildAfter: GuardedApp.Build);

        var answer = await Ask(app.Client, method, paths, header, value);

        Assert.Equal(await AnswerWithoutTheLibrary(method, paths, header, value), answer);
        var failed = await app.Event("audit_hook_failed", e => e.Text("security_audit.hook.name") == hook);
        Assert.Equal("System.NotSupportedException", failed.Text("error.type"));
        Assert.DoesNotContain("hunter2", failed.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<string> AnswerWithoutTheLibrary(string method, string[] paths, string header, string value)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        GuardedApp.Build(builder);
        await using var app = builder.Build();
        GuardedApp.Map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
        return await Ask(client, method, paths, header, value);
    }

    /// <summary>What a client sees of the last answer: the status, where it sends on to, which cookies it sets, and what it says.</summary>
    private static async Task<string> Ask(HttpClient client, string method, string[] paths, string header, string value)
    {
        var told = "";
        foreach (var path in paths)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            request.Headers.Add(header, value);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var cookies = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(cookie => cookie[..cookie.IndexOf('=', StringComparison.Ordinal)]) : [];
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            told = $"{(int)answer.StatusCode} {answer.Headers.Location?.AbsolutePath} {string.Join(',', cookies)} "
                + (body.Contains("traceId", StringComparison.Ordinal) || (int)answer.StatusCode == StatusCodes.Status500InternalServerError ? "" : body);
        }

        return told;
    }
}
