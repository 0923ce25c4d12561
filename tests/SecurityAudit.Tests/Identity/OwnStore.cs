using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;

namespace SecurityAudit.Tests.Identity;

/// <summary>A user store of an application's own on plain ADO.NET: each look-up gives a new object, as Dapper does it.</summary>
internal sealed class OwnStore : IUserPasswordStore<ShopUser>, IUserEmailStore<ShopUser>, IUserPhoneNumberStore<ShopUser>, IUserLockoutStore<ShopUser>,
    IUserRoleStore<ShopUser>
{
    private readonly string _connection;

    public OwnStore(Microsoft.AspNetCore.Hosting.IWebHostEnvironment environment)
        : this(environment.ContentRootPath)
    {
    }

    private OwnStore(string folder) => _connection = $"Data Source={Path.Combine(folder, "own.db")};Pooling=false";

    public static OwnStore Open(string folder)
    {
        var store = new OwnStore(folder);
        store.Execute("CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, name TEXT, data TEXT); CREATE TABLE IF NOT EXISTS grants (id TEXT, role TEXT)");
        return store;
    }

    public Task<IdentityResult> CreateAsync(ShopUser user, CancellationToken cancellationToken) => Save(user);

    public Task<IdentityResult> UpdateAsync(ShopUser user, CancellationToken cancellationToken) => Save(user);

    public Task<IdentityResult> DeleteAsync(ShopUser user, CancellationToken cancellationToken)
    {
        Execute("DELETE FROM people WHERE id = $a", user.Id);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<ShopUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Find("id", userId);

    public Task<ShopUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Find("name", normalizedUserName);

    public Task<ShopUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Find("json_extract(data, '$.NormalizedEmail')", normalizedEmail);

    public Task AddToRoleAsync(ShopUser user, string roleName, CancellationToken cancellationToken) =>
        Done(() => Execute("INSERT INTO grants VALUES ($a, $b)", user.Id, roleName));

    public Task RemoveFromRoleAsync(ShopUser user, string roleName, CancellationToken cancellationToken) =>
        Done(() => Execute("DELETE FROM grants WHERE id = $a AND role = $b", user.Id, roleName));

    public Task<IList<string>> GetRolesAsync(ShopUser user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<string>>(Read("SELECT role FROM grants WHERE id = $a ORDER BY role", user.Id));

    public async Task<bool> IsInRoleAsync(ShopUser user, string roleName, CancellationToken cancellationToken) =>
        (await GetRolesAsync(user, cancellationToken)).Contains(roleName);

    public Task<IList<ShopUser>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetUserIdAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task SetUserNameAsync(ShopUser user, string? userName, CancellationToken cancellationToken) => Done(() => user.UserName = userName);

    public Task<string?> GetNormalizedUserNameAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);

    public Task SetNormalizedUserNameAsync(ShopUser user, string? normalizedName, CancellationToken cancellationToken) =>
        Done(() => user.NormalizedUserName = normalizedName);

    public Task<string?> GetEmailAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.Email);

    public Task SetEmailAsync(ShopUser user, string? email, CancellationToken cancellationToken) => Done(() => user.Email = email);

    public Task<bool> GetEmailConfirmedAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.EmailConfirmed);

    public Task SetEmailConfirmedAsync(ShopUser user, bool confirmed, CancellationToken cancellationToken) => Done(() => user.EmailConfirmed = confirmed);

    public Task<string?> GetNormalizedEmailAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(ShopUser user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Done(() => user.NormalizedEmail = normalizedEmail);

    public Task<string?> GetPhoneNumberAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.PhoneNumber);

    public Task SetPhoneNumberAsync(ShopUser user, string? phoneNumber, CancellationToken cancellationToken) => Done(() => user.PhoneNumber = phoneNumber);

    public Task<bool> GetPhoneNumberConfirmedAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.PhoneNumberConfirmed);

    public Task SetPhoneNumberConfirmedAsync(ShopUser user, bool confirmed, CancellationToken cancellationToken) =>
        Done(() => user.PhoneNumberConfirmed = confirmed);

    public Task<string?> GetPasswordHashAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetPasswordHashAsync(ShopUser user, string? passwordHash, CancellationToken cancellationToken) => Done(() => user.PasswordHash = passwordHash);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    public Task SetLockoutEndDateAsync(ShopUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Done(() => user.LockoutEnd = lockoutEnd);

    public Task<int> IncrementAccessFailedCountAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(++user.AccessFailedCount);

    public Task ResetAccessFailedCountAsync(ShopUser user, CancellationToken cancellationToken) => Done(() => user.AccessFailedCount = 0);

    public Task<int> GetAccessFailedCountAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnabled);

    public Task SetLockoutEnabledAsync(ShopUser user, bool enabled, CancellationToken cancellationToken) => Done(() => user.LockoutEnabled = enabled);

    public void Dispose()
    {
        // Each statement has a connection of its own.
    }

    private static Task Done(Action change)
    {
        change();
        return Task.CompletedTask;
    }

    private Task<IdentityResult> Save(ShopUser user)
    {
        Execute("INSERT OR REPLACE INTO people VALUES ($a, $b, $c)", user.Id, user.NormalizedUserName, JsonSerializer.Serialize(user));
        return Task.FromResult(IdentityResult.Success);
    }

    private Task<ShopUser?> Find(string column, string value) => Task.FromResult(
        Read($"SELECT data FROM people WHERE {column} = $a", value) is [var data] ? JsonSerializer.Deserialize<ShopUser>(data) : null);

    private List<string> Read(string sql, params string?[] values)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private void Execute(string sql, params string?[] values)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string?[] values)
    {
#pragma warning disable CA2100 // The texts are constants of this file.
        var command = new SqliteCommand(sql, connection);
#pragma warning restore CA2100
        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters.AddWithValue("$" + "abc"[index], (object?)values[index] ?? DBNull.Value);
        }

        return command;
    }
}
