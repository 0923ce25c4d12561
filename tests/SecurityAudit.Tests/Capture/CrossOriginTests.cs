using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Capture;

public sealed class CrossOriginTests
{
    private const string Action = "malicious_cors";
    private const string Partner = "https://partner.example";
    private const string Elsewhere = "https://elsewhere.example";

    [Theory]
    [InlineData("GET", "the policy does not allow it")]
    [InlineData("POST", "the policy does not allow it")]
    [InlineData("OPTIONS", "the policy does not allow it, as the preflight was told")]
    public async Task ARequestFromAnOriginThatTheCorsPolicyDoesNotAllowIsRecordedOncePreflightOrNot(string method, string reason)
    {
        await using var app = await Start();

        using var answer = await Ask(app, "/twice", Elsewhere, method);

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        var refused = await app.Event(Action);
        Assert.Equal(Elsewhere, refused.Attribute("origin"));
        Assert.Equal(reason, refused.Text("event.reason"));
        Assert.Equal("/twice", refused.Text("url.path"));
        Assert.Equal("127.0.0.1", refused.Text("source.ip"));
        Assert.Equal(
            $"Somebody not signed in sent a request from the origin {Elsewhere}, which is not allowed: {reason}.", refused.Text("message"));
    }

    [Theory]
    [InlineData("/data", Partner)]
    [InlineData("/any", Elsewhere)]
    [InlineData("/data", null)]
    [InlineData("/free", Elsewhere)]
    public async Task WhatThePolicyAllowsOrHasNoSayInIsNotRecorded(string path, string? origin)
    {
        await using var app = await Start();

        foreach (var method in (string[])["GET", "POST", "OPTIONS"])
        {
            using var answer = await Ask(app, path, origin, method);
        }

        Assert.Empty(await app.Events(Action));
    }

    [Fact]
    public async Task TheApplicationsOwnOriginIsNoOther()
    {
        await using var app = await Start();
        var own = app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

        using var form = await Ask(app, "/data", own, "POST");
        using var upper = await Ask(app, "/data", own.Replace("http:", "HTTP:", StringComparison.Ordinal), "POST");
        using var behindTls = await Ask(app, "/data", "https" + own["http".Length..], "POST");
        using var behindOtherName = await Ask(app, "/data", "https://shop.example", "POST", site: "same-origin");
        Assert.Empty(await app.Events(Action));

        using var otherPort = await Ask(app, "/data", "http://127.0.0.1:1", "POST", site: "cross-site");
        Assert.Equal("http://127.0.0.1:1", (await app.Event(Action)).Attribute("origin"));
    }

    [Fact]
    public async Task APlainPageOfTheSameNameIsAnotherOriginThanThatBehindTls()
    {
        await using var app = await Start(build: services => services.Configure<ForwardedHeadersOptions>(forwarded =>
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/data");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "shop.example");
        request.Headers.Add("Origin", "http://shop.example");
        using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("http://shop.example", (await app.Event(Action)).Attribute("origin"));
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("HTTPS://Elsewhere.EXAMPLE:443", "https://elsewhere.example")]
    [InlineData("https://elsewhere.example:8443", "https://elsewhere.example:8443")]
    [InlineData("http://[2001:db8::1]:81", "http://[2001:db8::1]:81")]
    [InlineData("chrome-extension://abcdef", "chrome-extension://abcdef")]
    [InlineData("https://ada:hunter2@elsewhere.example", "(not a valid origin)")]
    [InlineData("https://elsewhere.example/?token=hunter2", "(not a valid origin)")]
    [InlineData("https://elsewhere.example/hunter2", "(not a valid origin)")]
    [InlineData("https://elsewhere.example#hunter2", "(not a valid origin)")]
    [InlineData("hunter2", "(not a valid origin)")]
    [InlineData("mailto:hunter2", "(not a valid origin)")]
    [InlineData("https://a.example, https://b.example", "(not a valid origin)")]
    [InlineData("https://a.example\thunter2", "(not a valid origin)")]
    public async Task TheOriginIsShownAndWhatIsNoneIsNotRepeated(string header, string shown)
    {
        await using var app = await Start();

        using var answer = await Ask(app, "/data", header, "GET");

        var refused = await app.Event(Action);
        Assert.Equal(shown, refused.Attribute("origin"));
        Assert.DoesNotContain("hunter2", refused.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOriginOfAnyLengthIsBounded()
    {
        await using var app = await Start();

        using var answer = await Ask(app, "/data", $"https://{string.Join('.', Enumerable.Repeat("hunter2", 2000))}.example", "GET");

        Assert.Equal("(not a valid origin)", (await app.Event(Action)).Attribute("origin"));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAnOriginThatIsRefusedIsNotAnsweredUnrecorded()
    {
        await using var app = await Start(BrokenJournal.Refuse);
        await BrokenJournal.Down(app.Services);

        using var answer = await Ask(app, "/data", Elsewhere, "GET");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task AnMvcActionsOwnPolicyIsCapturedToo()
    {
        await using var app = await Start(build: services => services.AddControllers().AddApplicationPart(typeof(CrossOriginTests).Assembly));

        using var answer = await Ask(app, "/cors-action", Elsewhere, "GET");

        Assert.Equal("/cors-action", (await app.Event(Action)).Text("url.path"));
    }

    [Fact]
    public async Task AServiceOfTheApplicationsOwnIsAskedAndCoveredHoweverManyConstructorsItHas()
    {
        await using var app = await Start(build: services => services.AddSingleton<ICorsService, RefusesAll>());

        using var answer = await Ask(app, "/any", Elsewhere, "GET");

        Assert.Equal(Elsewhere, (await app.Event(Action)).Attribute("origin"));
        Assert.Contains("cross_origin", (await app.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }

    private static async Task<HttpResponseMessage> Ask(RecordedApp app, string path, string? origin, string method, string? site = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (origin is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Origin", origin));
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        if (method == "OPTIONS")
        {
            request.Headers.Add("Access-Control-Request-Method", "PUT");
        }

        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<RecordedApp> Start(Action<SecurityAuditBuilder>? audit = null, Action<IServiceCollection>? build = null) => RecordedApp.Start(
        web =>
        {
            web.UseForwardedHeaders();
            web.UseRouting();
            web.UseCors();
            web.Map("/free", () => "no policy");
            web.Map("/data", () => "data").RequireCors("partners");
            web.Map("/any", () => "data").RequireCors(policy => policy.AllowAnyOrigin());
            web.Map("/twice", async (HttpContext context, ICorsService cors, ICorsPolicyProvider policies) =>
                cors.EvaluatePolicy(context, (await policies.GetPolicyAsync(context, "partners"))!).IsOriginAllowed).RequireCors("partners");
            if (web.Services.GetService<Microsoft.AspNetCore.Mvc.Infrastructure.IActionDescriptorCollectionProvider>() is not null)
            {
                web.MapControllers();
            }
        },
        audit,
        builder =>
        {
            builder.Services.AddCors(cors => cors.AddPolicy("partners", policy => policy.WithOrigins(Partner)));
            build?.Invoke(builder.Services);
        });

    private sealed class RefusesAll(IOptions<CorsOptions> options) : ICorsService
    {
        public RefusesAll()
            : this(Options.Create(new CorsOptions()))
        {
        }

        public CorsResult EvaluatePolicy(HttpContext context, CorsPolicy policy) => new() { IsOriginAllowed = options.Value is null };

        public void ApplyResult(CorsResult result, HttpResponse response)
        {
        }
    }
}

[Microsoft.AspNetCore.Mvc.ApiController]
public sealed class CorsActionController : Microsoft.AspNetCore.Mvc.ControllerBase
{
    [Microsoft.AspNetCore.Mvc.HttpGet("/cors-action")]
    [EnableCors("partners")]
    public string Get() => "data";
}
