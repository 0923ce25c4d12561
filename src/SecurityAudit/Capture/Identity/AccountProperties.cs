using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Reads who an account of the application's own type is: the properties that by their name are its key, its sign-in name and its address,
/// and no other, whatever they hold. Safe for any thread.
/// </summary>
internal sealed class AccountProperties
{
    private static readonly string[] Ids = ["Id", "UserId", "AccountId"];
    private static readonly string[] Names = ["UserName", "Login", "LoginName", "Email", "EmailAddress", "Name"];
    private static readonly string[] Addresses = ["Email", "EmailAddress"];

    private readonly ConcurrentDictionary<Type, Readable> _types = new();

    /// <summary>The account; a bare text may be anything and is only claimed, so that no more than its hash is recorded.</summary>
    public AuditUser Read(object user)
    {
        if (user is string text)
        {
            return AuditUser.Claimed(text.Length == 0 ? null : text);
        }

        var readable = _types.GetOrAdd(user.GetType(), static type => Find(type));
        return new AuditUser(First(readable.Ids, user), First(readable.Names, user)) { Email = First(readable.Addresses, user) };
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2070", Justification = "A property that the trimmer takes away is one that nobody reads: the account is recorded without it.")]
    private static Readable Find(Type type)
    {
        var properties = Array.FindAll(
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance), property => property.CanRead && property.GetIndexParameters().Length == 0);
        return new Readable(Of([.. Ids, type.Name + "Id"]), Of(Names), Of(Addresses));

        PropertyInfo[] Of(string[] names) =>
            [.. names.Select(name => Array.Find(properties, property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))).OfType<PropertyInfo>()];
    }

    private static string? First(PropertyInfo[] properties, object user)
    {
        foreach (var property in properties)
        {
            if (Text(property.GetValue(user)) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    // A key that was not set yet says nothing.
    private static string? Text(object? value) => value switch
    {
        string text => text,
        Guid key => key == Guid.Empty ? null : key.ToString(),
        int or long or short or uint or ulong => value is 0 or 0L ? null : Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => null,
    };

    private sealed record Readable(PropertyInfo[] Ids, PropertyInfo[] Names, PropertyInfo[] Addresses);
}
