using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Guard;

/// <summary>An application with an endpoint for each hook that the framework calls within a request, in which the library's own parts fail.</summary>
internal static class GuardedApp
{
    public static void Build(WebApplicationBuilder builder)
    {
        RecordedApp.AddCookies(builder);
        builder.Services.AddHttpContextAccessor().AddAntiforgery().AddDataProtection();
        builder.Services.AddAuthentication().AddOAuth("elsewhere", oauth =>
        {
            (oauth.ClientId, oauth.ClientSecret, oauth.CallbackPath) = ("shop", "secret", "/back");
            (oauth.AuthorizationEndpoint, oauth.TokenEndpoint) = ("https://elsewhere.example/authorize", "https://elsewhere.example/token");
            oauth.Events.OnRemoteFailure = failed =>
            {
                failed.Response.StatusCode = StatusCodes.Status418ImATeapot;
                failed.HandleResponse();
                return Task.CompletedTask;
            };
        });
        builder.Services.AddCors(cors => cors.AddPolicy("Partner", policy => policy.WithOrigins("https://partner.example")));
        builder.Services.AddRateLimiter(limits => limits.AddFixedWindowLimiter(
            "once", window => (window.PermitLimit, window.Window) = (1, TimeSpan.FromHours(1))));
        builder.Services.AddControllers().AddApplicationPart(typeof(GuardedController).Assembly);
    }

    public static void Map(WebApplication web)
    {
        web.Use(async (HttpContext context, RequestDelegate next) =>
        {
            var hostile = new DefaultHttpContext(new HostileFeatures(context.Features));
            context.RequestServices.GetRequiredService<IHttpContextAccessor>().HttpContext = hostile;
            await next(hostile);
        });
        web.UseWhen(context => context.Request.Path == "/throws", page => page.UseDeveloperExceptionPage());
        web.UseRouting();
        web.UseCors();
        web.UseRateLimiter();
        web.UseAuthentication();
        web.UseAuthorization();
        web.MapGet("/", () => "well");
        web.MapGet("/in", () => TypedResults.SignIn(Some.Principal()));
        web.MapGet("/out", () => TypedResults.SignOut());
        web.MapGet("/members", () => "members").RequireAuthorization();
        web.MapGet("/managers", () => "managers").RequireAuthorization("Managers");
        web.MapGet("/menu", async (HttpContext context, IAuthorizationService authorization) =>
            $"{(await authorization.AuthorizeAsync(context.User, "Menu")).Succeeded}");
        web.MapPost("/form", async (HttpContext context, IAntiforgery antiforgery) => $"{await antiforgery.IsRequestValidAsync(context)}");
        web.MapGet("/shared", () => "shared").RequireCors("Partner");
        web.MapGet("/limited", () => "limited").RequireRateLimiting("once");
        web.MapGet("/audited", (int id) => id).WithAudit("invoice.open", "id");
        web.MapGet("/open", (IDataProtectionProvider protection) =>
        {
            try
            {
                return $"{protection.CreateProtector("guarded").Unprotect(new byte[64]).Length}";
            }
            catch (CryptographicException)
            {
                return "unreadable";
            }
        });
        web.MapGet("/throws", string () => throw new InvalidOperationException("the application's own"));
        web.MapControllers();
    }
}

[ApiController]
public sealed class GuardedController : ControllerBase
{
    [HttpGet("/guarded/action")]
    [Audit("invoice.open", Arguments = ["id"])]
    public int Open(int id) => id;

    [HttpGet("/guarded/swallows")]
    [Swallows]
    public IActionResult Throws() => throw new InvalidOperationException("the application's own");

    [HttpGet("/guarded/invalid")]
    public int Invalid([FromQuery] int number) => number;

    private sealed class SwallowsAttribute : ExceptionFilterAttribute
    {
        public override void OnException(ExceptionContext context) => context.Result = new ContentResult { Content = "swallowed", StatusCode = 409 };
    }
}
