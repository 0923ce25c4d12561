using System.Globalization;
using System.Runtime;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Formatting.Compact;

namespace SecurityAudit.Benchmarks.Load;

/// <summary>
/// The application under load: Kestrel on loopback, cookie authentication, an open page, and one that nobody who calls may see.
/// </summary>
/// <remarks>
/// Variants: <c>plain</c>, <c>accessor</c> (with <c>IHttpContextAccessor</c>, as Identity adds it), and the same with something that
/// records; <c>undetected</c> is the audited one with its detection switched off.
/// </remarks>
internal static class ServedApp
{
    public const string Open = "/";
    public const string Denied = "/page";
    public const string SignIn = "/sign-in";
    public const string FailedSignIn = "/sign-in/wrong";

    /// <summary>Each variant with the one that it is measured against.</summary>
    public static IReadOnlyList<(string Variant, string Baseline)> Variants { get; } =
    [
        ("plain", "plain"),
        ("accessor", "accessor"),
        ("audited", "plain"),
        ("audited-accessor", "accessor"),
        ("audited", "undetected"),
        ("serilog-request-logging", "plain"),
        ("http-logging", "plain"),
    ];

    public static async Task RunAsync(string variant, string folder)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();
        if (variant.EndsWith("accessor", StringComparison.Ordinal))
        {
            builder.Services.AddHttpContextAccessor();
        }

        if (variant.StartsWith("audited", StringComparison.Ordinal) || variant == "undetected")
        {
            builder.AddSecurityAudit(audit => audit.Configure(options => options.Detection.Enabled = variant != "undetected"));
        }

        if (variant.EndsWith("logging", StringComparison.Ordinal))
        {
            builder.Services.AddSerilog(logger => logger
                .WriteTo.File(new CompactJsonFormatter(), Path.Combine(folder, "log.clef"), fileSizeLimitBytes: null)
                .MinimumLevel.Warning()
                .MinimumLevel.Override("Serilog.AspNetCore", Serilog.Events.LogEventLevel.Information)
                .MinimumLevel.Override("Microsoft.AspNetCore.HttpLogging", Serilog.Events.LogEventLevel.Information));
            builder.Services.AddHttpLogging();
        }

        var app = builder.Build();
        switch (variant)
        {
            case "serilog-request-logging":
                app.UseSerilogRequestLogging();
                break;
            case "http-logging":
                app.UseHttpLogging();
                break;
        }

        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet(Open, () => "hello");
        app.MapGet(Denied, () => "for those who signed in").RequireAuthorization();
        app.MapGet(SignIn, () => TypedResults.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "7"), new(ClaimTypes.Name, "ada")], "password"))));
        var failed = 0;
        app.MapGet(FailedSignIn, (HttpContext context) =>
        {
            context.RequestServices.GetService<ISecurityAudit>()?.SignInFailed(new AuditUser(null, $"guess-{Interlocked.Increment(ref failed)}"), "wrong password");
            return TypedResults.Unauthorized();
        });
        app.MapGet("/usage", () => string.Create(
            CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.Ticks} {GC.GetTotalAllocatedBytes(precise: true)} {JitInfo.GetCompiledMethodCount()}"));
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
    }
}
