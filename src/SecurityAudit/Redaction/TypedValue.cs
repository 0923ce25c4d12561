using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using SecurityAudit.Journal;

namespace SecurityAudit.Redaction;

/// <summary>
/// What an application gives for a field of the list, in that field's type: an engine stores another type and never finds it.
/// </summary>
internal static class TypedValue
{
    private static readonly string[] Moments = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];

    /// <summary>
    /// The value, made a list or a text where the field is one; null where the field's type does not take it. May throw what the value
    /// throws.
    /// </summary>
    public static object? For(Field field, object value) => field.IsList
        ? value switch { string text => ImmutableArray.Create(text), IEnumerable<string> => value, _ => null }
        : field.Type switch
        {
            FieldType.Keyword or FieldType.Text or FieldType.Wildcard => value is string or ConstantText ? value : value is IEnumerable<string> ? null : FieldValue.TextOf(value),
            FieldType.Long => IsWhole(value) ? value : null,
            FieldType.Float => IsWhole(value) || value is double or float ? value : null,
            FieldType.Boolean => value is bool ? value : null,
            FieldType.Date => value is DateTimeOffset or DateTime || IsMoment(value) ? value : null,
            FieldType.Ip => value is IPAddress address ? TextOf(address) : IsAddress(value) ? value : null,
            FieldType.GeoPoint => value as string,
            _ => null,
        };

    /// <summary>An address without the number of the interface that it came by, which no other machine understands.</summary>
    [return: NotNullIfNotNull(nameof(address))]
    public static string? TextOf(IPAddress? address)
    {
        if (address is null)
        {
            return null;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return (plain is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(plain.GetAddressBytes()) : plain).ToString();
    }

    private static bool IsWhole(object value) => value is int or long or short or byte or sbyte or ushort or uint or <= (ulong)long.MaxValue;

    private static bool IsMoment(object value) =>
        value is string text && DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    // One number alone is an address to the parser, and to nobody else.
    private static bool IsAddress(object value) =>
        value is string text && text.AsSpan().IndexOfAny('%', '[') < 0 && (text.Contains(':', StringComparison.Ordinal) || text.AsSpan().Count('.') == 3)
            && IPAddress.TryParse(text, out _);
}
