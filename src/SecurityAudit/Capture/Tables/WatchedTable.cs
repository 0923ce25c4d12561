using System.Collections.Frozen;
using SecurityAudit.Capture.Identity.Observation;

namespace SecurityAudit.Capture.Tables;

/// <summary>A table whose changes are recorded, whoever makes them.</summary>
/// <param name="Schema">Its schema, if the model names one.</param>
/// <param name="Name">Its name in the database.</param>
/// <param name="Kind">What of Identity's is in it; <see cref="IdentityEntity.None"/> of a table that the application tracks.</param>
/// <param name="PasswordColumns">The columns in which the hash of a password is, of accounts.</param>
internal sealed record WatchedTable(string? Schema, string Name, IdentityEntity Kind, FrozenSet<string> PasswordColumns)
{
    /// <summary>A statement that names no schema means the one that the connection has: it may be this table's.</summary>
    public bool Is(SqlChange change) => string.Equals(Name, change.Table, StringComparison.OrdinalIgnoreCase)
        && (Schema is null || change.Schema is null || string.Equals(Schema, change.Schema, StringComparison.OrdinalIgnoreCase));
}
