using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecurityAudit;
using SecurityAudit.Driver;

// The application that the tests run as a process: as another user, on a volume that is full or read-only, published as one file, stopped
// by a signal, and without the one line, to see what that costs.
if (args is ["alert-life", var folder, var killAt])
{
    await new AlertLife(folder, killAt).RunAsync();
    return;
}

var builder = WebApplication.CreateBuilder(args);
var audited = builder.Configuration.GetValue("Audited", true);
if (audited)
{
    builder.AddSecurityAudit();
}

if (builder.Configuration.GetValue("Accessor", false))
{
    builder.Services.AddHttpContextAccessor();
}

builder.Services.AddRateLimiter(limits => limits.AddPolicy("driver", _ => RateLimitPartition.GetNoLimiter("driver")));
builder.Services.AddCors();
builder.Services.AddHealthChecks();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder.Services.AddAuthorization();
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = builder.Configuration.GetValue("StopWithin", TimeSpan.FromSeconds(30)));

var app = builder.Build();
app.UseCors();
app.UseRateLimiter();
app.MapHealthChecks("/health");
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = check => !check.Tags.Contains("security-audit") });
app.MapHealthChecks("/health/audit", new HealthCheckOptions { Predicate = check => check.Tags.Contains("security-audit") });
app.MapGet("/", () => "hello");
app.MapGet("/limited", () => "within the limit").RequireRateLimiting("driver");
app.MapGet("/shared", () => "for every origin").RequireCors(policy => policy.AllowAnyOrigin());
app.MapGet("/login", () => TypedResults.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "1")], "driver"))));
app.MapGet("/page", () => "for those who signed in").RequireAuthorization();
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true));
if (audited)
{
    app.MapGet("/done", (ISecurityAudit audit) => audit.Record(SecurityEvents.Activity("driver.done")));
}

app.MapGet("/stream", async (HttpContext context) =>
{
    // An event stream whose client stays: it does not look at the stop.
    await context.Response.WriteAsync("data: open\n\n");
    await context.Response.Body.FlushAsync();
    await Task.Delay(Timeout.Infinite, context.RequestAborted);
});
await app.RunAsync();
