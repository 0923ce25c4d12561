using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;
using SecurityAudit.Recording;

namespace SecurityAudit.Tests.Identity;

public class ShopUser : IdentityUser
{
    public string? FavouriteColour { get; set; }
}

public sealed class ShopDb(DbContextOptions<ShopDb> options) : IdentityDbContext<ShopUser>(options);

/// <summary>A real application: Kestrel on loopback, real Identity, SQLite in a temporary folder.</summary>
internal sealed class IdentityHost : IAsyncDisposable
{
    public const string Password = "Passw0rd!";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;
    private readonly TaskCompletionSource[] _completed = [new()];
    private Func<HttpContext, Task> _work = _ => Task.CompletedTask;

    private IdentityHost(WebApplication app, DirectoryInfo folder, RecordedAudit audit)
    {
        (_app, _folder, Audit) = (app, folder, audit);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public RecordedAudit Audit { get; }

    public string JournalDirectory => Path.Combine(_folder.FullName, "audit");

    public HttpClient Client { get; }

    /// <summary>What the framework counts and nobody records is what the test is about.</summary>
    public bool LosesEvents { get; set; }

    public IServiceProvider Services => _app.Services;

    public static async Task<IdentityHost> Start(
        bool auditFirst = true,
        Action<IServiceCollection>? identity = null,
        Func<IServiceProvider, Task>? seed = null,
        Action<SecurityAuditBuilder>? configure = null,
        Action<WebApplication>? map = null)
    {
        var folder = Directory.CreateTempSubdirectory("identity-");
        var audit = new RecordedAudit();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDbContext<ShopDb>(options => options.UseSqlite($"Data Source={Path.Combine(folder.FullName, "shop.db")};Pooling=false"));
        if (auditFirst)
        {
            AddAudit(builder, audit, configure);
        }

        (identity ?? AddCookieIdentity)(builder.Services);
        if (!auditFirst)
        {
            AddAudit(builder, audit, configure);
        }

        // What it costs to guess a password is the framework's subject. A test that sets its own comes before.
        builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = Math.Min(hasher.IterationCount, 10));
        builder.Services.AddAuthorization();
        var app = builder.Build();
        IdentityHost? host = null;
        app.Use((context, next) =>
        {
            // Registered first, called last: then every callback of the request has run.
            context.Response.OnCompleted(() =>
            {
                host!._completed[0].TrySetResult();
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPost("/work", context => host!._work(context));
        if (identity == AddApiIdentity)
        {
            app.MapIdentityApi<ShopUser>();
        }

        map?.Invoke(app);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ShopDb>().Database.EnsureCreatedAsync();
        }

        if (seed is not null)
        {
            await using var scope = app.Services.CreateAsyncScope();
            await seed(scope.ServiceProvider);
        }

        await app.StartAsync();
        host = new IdentityHost(app, folder, audit);
        return host;
    }

    public static void AddCookieIdentity(IServiceCollection services) =>
        services.AddIdentity<ShopUser, IdentityRole>(Configure).AddEntityFrameworkStores<ShopDb>().AddDefaultTokenProviders();

    public static void AddApiIdentity(IServiceCollection services) =>
        services.AddIdentityApiEndpoints<ShopUser>(Configure).AddRoles<IdentityRole>().AddEntityFrameworkStores<ShopDb>();

    public static void Configure(IdentityOptions options) => options.Lockout.MaxFailedAccessAttempts = 3;

    /// <summary>Does the work within a POST request and comes back when the request is over in every respect.</summary>
    public async Task<HttpResponseMessage> InRequest(Func<HttpContext, Task> work)
    {
        var (response, thrown) = await Tried(work);
        return thrown is null ? response : throw thrown;
    }

    /// <summary>Does the work within a POST request of an application that catches everything and goes on.</summary>
    public async Task<(HttpResponseMessage Response, Exception? Thrown)> Tried(Func<HttpContext, Task> work)
    {
        Exception? thrown = null;
        _work = async context =>
        {
            try
            {
                await work(context);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        };
        var response = await Send(() => Client.PostAsync("/work", null));
        return (response, thrown);
    }

    public async Task<HttpResponseMessage> Send(Func<Task<HttpResponseMessage>> send)
    {
        _completed[0] = new TaskCompletionSource();
        var response = await send();
        await _completed[0].Task.WaitAsync(TimeSpan.FromSeconds(10));
        return response;
    }

    public Task<HttpResponseMessage> WithUsers(Func<UserManager<ShopUser>, Task> work) =>
        InRequest(context => work(context.RequestServices.GetRequiredService<UserManager<ShopUser>>()));

    public Task<HttpResponseMessage> WithSignIn(Func<SignInManager<ShopUser>, Task> work) =>
        InRequest(context => work(context.RequestServices.GetRequiredService<SignInManager<ShopUser>>()));

    /// <summary>Outside of any request, as a background job does it.</summary>
    public async Task WithOwnScope(Func<UserManager<ShopUser>, Task> work)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<ShopUser>>());
    }

    public Task<HttpResponseMessage> Login(string name, string password = Password) =>
        WithSignIn(manager => manager.PasswordSignInAsync(name, password, isPersistent: false, lockoutOnFailure: true));

    /// <summary>An account that was there before anybody watched.</summary>
    public async Task<ShopUser> Existing(string name = "ann", Func<UserManager<ShopUser>, ShopUser, Task>? prepare = null)
    {
        var user = new ShopUser { UserName = name, Email = $"{name}@example.org" };
        await WithUsers(async users =>
        {
            Assert.Equal(IdentityResult.Success.ToString(), (await users.CreateAsync(user, Password)).ToString());
            await (prepare?.Invoke(users, user) ?? Task.CompletedTask);
        });
        Audit.Clear();
        return user;
    }

    /// <summary>Everything that is durable in the journal now, its own lines left out.</summary>
    public async Task<List<JsonElement>> Recorded()
    {
        await Services.GetRequiredService<JournalWriter>().FlushAsync();
        return JournalEvents.Read(JournalDirectory);
    }

    /// <summary>Every byte of the journal.</summary>
    public async Task<string> Journal()
    {
        await Services.GetRequiredService<JournalWriter>().FlushAsync();
        var text = new StringBuilder();
        foreach (var segment in Directory.GetFiles(JournalDirectory, "*.jsonl"))
        {
            await using var stream = new FileStream(segment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            text.Append(await new StreamReader(stream).ReadToEndAsync());
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        JournalEvents.Check(JournalDirectory, LosesEvents);
        _folder.Delete(recursive: true);
    }

    private static void AddAudit(WebApplicationBuilder builder, RecordedAudit audit, Action<SecurityAuditBuilder>? configure)
    {
        builder.AddSecurityAudit(configure);
        builder.Services.AddSingleton<IEventObserver>(audit);
    }
}
