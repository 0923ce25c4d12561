using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Tables;

public enum TenantRole
{
    Member,
    Owner,
}

/// <summary>Who may do what with a tenant: a table of an application's own.</summary>
public class TenantMember
{
    public int Id { get; set; }

    public string Person { get; set; } = "";

    public TenantRole Role { get; set; }

    public string? InviteToken { get; set; }

    public IList<string> Areas { get; set; } = [];

    public TenantLimits Limits { get; set; } = new();

    public ICollection<TenantGrant> Grants { get; set; } = [];

    public int Version { get; set; }
}

[ComplexType]
public sealed class TenantLimits
{
    public decimal Amount { get; set; }
}

public sealed class TenantGrant
{
    public int Id { get; set; }

    public string Right { get; set; } = "";
}

public sealed class Note
{
    public int Id { get; set; }

    public string Text { get; set; } = "";
}

public sealed class TenantDb(DbContextOptions<TenantDb> options) : DbContext(options)
{
    public DbSet<TenantMember> Members => Set<TenantMember>();

    public DbSet<Note> Notes => Set<Note>();

    /// <summary>A host with Identity in one database and the tenants in another, whose members are tracked.</summary>
    internal static async Task<IdentityHost> Host()
    {
        var host = await IdentityHost.Start(
            identity: services =>
            {
                services.AddDbContext<TenantDb>((provider, database) => database
                    .UseSqlite($"Data Source={Path.Combine(provider.GetRequiredService<IWebHostEnvironment>().ContentRootPath, "tenants.db")};Pooling=false")
                    .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.AmbientTransactionWarning)));
                IdentityHost.AddCookieIdentity(services);
            },
            configure: audit => audit.Track<TenantMember>());
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TenantDb>().Database.EnsureCreatedAsync();
        return host;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TenantMember>().Property(member => member.Version).IsConcurrencyToken();
        modelBuilder.Entity<TenantMember>().OwnsMany(member => member.Grants, grant => grant.HasKey(owned => owned.Id));
    }
}
