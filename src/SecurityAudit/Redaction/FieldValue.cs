using System.Collections.Immutable;
using System.Globalization;

namespace SecurityAudit.Redaction;

/// <summary>What the value of a further field is recorded as: text, number, boolean or list of texts.</summary>
/// <remarks>
/// Of an object that is none of these the type alone: <c>ToString()</c> of a record prints every member, a password among them.
/// </remarks>
internal static class FieldValue
{
    /// <summary>The most values of one list that are recorded.</summary>
    public const int MaxValues = 256;

    /// <summary>JSON has no such number, and an index would not take its name as text.</summary>
    public static bool IsNoNumber(object? value) =>
        value is double number && !double.IsFinite(number) || value is float single && !float.IsFinite(single);

    /// <summary>
    /// One of string, bool, int, long, double and <see cref="ImmutableArray{T}"/> of strings, one more than <see cref="MaxValues"/> at
    /// most.
    /// </summary>
    /// <remarks>Throws what the value throws: a list or a number type of the application's own runs its code.</remarks>
    public static object Of(object value) => value switch
    {
        string or bool or int or long => value,
        double number when double.IsFinite(number) => value,
        float number when float.IsFinite(number) => (double)number,
        short or sbyte or byte or ushort => Convert.ToInt32(value, CultureInfo.InvariantCulture),
        uint number => (long)number,
        ulong and <= long.MaxValue => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ImmutableArray<string> texts => texts.IsDefault ? [] : texts,
        IEnumerable<string> texts => ImmutableArray.CreateRange(texts.Take(MaxValues + 1)),
        _ => TextOf(value),
    };

    /// <summary>The value as text, as <see cref="Of"/> would have it.</summary>
    public static string TextOf(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTimeOffset moment => moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("O", CultureInfo.InvariantCulture),
        ImmutableArray<string> texts => texts.IsDefault ? "" : string.Join(", ", texts.Take(MaxValues)),
        IEnumerable<string> texts => string.Join(", ", texts.Take(MaxValues)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => $"({value.GetType().Name})",
    };
}
