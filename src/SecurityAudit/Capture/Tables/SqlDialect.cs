namespace SecurityAudit.Capture.Tables;

/// <summary>What of SQL's spelling depends on the database.</summary>
/// <param name="HasBackslashes">A backslash in a string hides the quotation mark behind it.</param>
/// <param name="HasDollarQuotes"><c>$tag$ … $tag$</c> is a string.</param>
internal readonly record struct SqlDialect(bool HasBackslashes = false, bool HasDollarQuotes = false)
{
    /// <param name="provider">The name of Entity Framework Core's provider.</param>
    public static SqlDialect Of(string? provider) => new(
        HasBackslashes: provider?.Contains("MySql", StringComparison.OrdinalIgnoreCase) == true,
        HasDollarQuotes: provider?.Contains("Npgsql", StringComparison.OrdinalIgnoreCase) == true);
}
