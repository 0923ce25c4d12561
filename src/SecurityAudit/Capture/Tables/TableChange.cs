using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Sentences;

namespace SecurityAudit.Capture.Tables;

/// <summary>What one statement did with a watched table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Operation">What was done.</param>
/// <param name="Columns">The columns that are named as given values.</param>
/// <param name="Rows">How many rows were affected; null where nobody told.</param>
internal sealed record TableChange(WatchedTable Table, string Operation, ImmutableArray<string> Columns, int? Rows)
{
    /// <summary>Whose rows these are is not known: the statement's values are not read.</summary>
    public SecurityEvent Event()
    {
        var made = Made() with { Sentence = TableWords.Statement };
        made = made.WithAttribute("table", Table.Schema is null ? Table.Name : $"{Table.Schema}.{Table.Name}").WithAttribute("operation", Operation);
        if (!Columns.IsEmpty)
        {
            made = made.WithAttribute("columns", string.Join(", ", Columns));
        }

        return Rows is { } rows ? made.WithAttribute("rows", rows.ToString(CultureInfo.InvariantCulture)) : made;
    }

    private SecurityEvent Made() => Table.Kind switch
    {
        IdentityEntity.User when Operation is "insert" => SecurityEvents.UserCreated(SignInWords.Unnamed),
        IdentityEntity.User when Operation is "delete" or "truncate" or "drop" => SecurityEvents.UserDeleted(SignInWords.Unnamed),
        IdentityEntity.User when Columns.Any(Table.PasswordColumns.Contains) => SecurityEvents.AuthnPasswordChange(SignInWords.Unnamed),
        IdentityEntity.User => SecurityEvents.UserUpdated(SignInWords.Unnamed, "update", [], []),
        IdentityEntity.UserLogin => SecurityEvents.UserUpdated(SignInWords.Unnamed, "external_login", [], []),
        IdentityEntity.UserToken => SecurityEvents.UserUpdated(SignInWords.Unnamed, "tokens", [], []),
        IdentityEntity.UserPasskey => SecurityEvents.UserUpdated(SignInWords.Unnamed, "passkeys", [], []),
        IdentityEntity.Role => SecurityEvents.AuthzChange(null, "role_definition", [], []),
        IdentityEntity.UserRole => SecurityEvents.AuthzChange(null, "role", [], []),
        IdentityEntity.UserClaim => SecurityEvents.AuthzChange(null, "claim", [], []),
        IdentityEntity.RoleClaim => SecurityEvents.AuthzChange(null, "role_claim", [], []),
        _ => SecurityEvents.AuthzChange(null, "permission", [], []),
    };
}
