using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Quickstart.Api;
using Quickstart.Data;
using Quickstart.Tour;
using SecurityAudit;

var builder = WebApplication.CreateBuilder(args);
builder.AddSecurityAudit();

builder.Services.AddDbContext<ShopContext>(options =>
    options.UseSqlite($"Data Source={Path.Combine(builder.Environment.ContentRootPath, "shop.db")}"));

builder.Services.AddIdentity<IdentityUser, IdentityRole>(options => options.User.RequireUniqueEmail = true)
    .AddEntityFrameworkStores<ShopContext>()
    .AddDefaultTokenProviders()
    .AddApiEndpoints();

builder.Services.ConfigureApplicationCookie(options =>
{
    options.LoginPath = "/Account/Login";
    options.LogoutPath = "/Account/Logout";
    options.AccessDeniedPath = "/Account/Denied";
});

builder.Services.AddAuthentication().AddBearerToken(IdentityConstants.BearerScheme);

builder.Services.AddAuthorizationBuilder()
    .AddPolicy("Owner", policy => policy.RequireRole(ShopRoles.Owner))
    .AddPolicy("Staff", policy => policy.RequireRole(ShopRoles.Staff, ShopRoles.Owner))
    .AddPolicy("Api", policy => policy.AddAuthenticationSchemes(IdentityConstants.BearerScheme).RequireAuthenticatedUser());

builder.Services.AddRateLimiter(options => options.LimitShopApi());

builder.Services.AddRazorPages(options =>
{
    options.Conventions.AuthorizeFolder("/Admin", "Staff");
    options.Conventions.AuthorizePage("/Admin/Users", "Owner");
    options.Conventions.AuthorizePage("/Account/TwoFactor");
    options.Conventions.AuthorizePage("/Orders");
    options.Conventions.AuthorizePage("/Invoice");
})
.AddViewOptions(options => options.HtmlHelperOptions.ClientValidationEnabled = false); // no script, no inline style

var app = builder.Build();

app.UseExceptionHandler("/Error");
app.Use((context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    context.Response.Headers.XContentTypeOptions = "nosniff";
    return next(context);
});
app.UseStaticFiles();
app.UseRouting();
app.UseRateLimiter();
app.UseAuthentication();
app.UseAuthorization();

app.MapRazorPages();
app.MapShopApi();

await app.OpenShopAsync();
return await app.RunWithTourAsync(args);
