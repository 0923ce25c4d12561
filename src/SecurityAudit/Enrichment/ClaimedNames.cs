using System.Collections.Immutable;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>
/// People type passwords into boxes for names and addresses: what was typed and belongs to no account, because there is none or because the
/// change was refused, is recorded as its keyed hash alone.
/// </summary>
internal sealed class ClaimedNames(Pseudonyms pseudonyms)
{
    private const string NameHash = "security_audit.user.name_hash";

    public SecurityEvent Hash(SecurityEvent e, ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        if (e is { Action: "user_created", Outcome: EventOutcome.Failure, Target: { } unmade })
        {
            // The id of an account that was not made means nothing.
            e = e with { Target = unmade with { Id = null, Exists = IsTaken(e) } };
        }

        if (e.Outcome == EventOutcome.Failure && e[NamedValues.Kind] is "user_name" or "email" or "phone_number")
        {
            e = WithoutRefusedValue(e, fields);
        }

        return e with { User = WithoutName(e.User, fields), Target = WithoutName(e.Target, fields) };
    }

    /// <summary>The name is that of another account: it exists.</summary>
    private static bool IsTaken(SecurityEvent e) => e.Reason is "DuplicateUserName";

    private SecurityEvent WithoutRefusedValue(SecurityEvent e, ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        for (var index = 0; index < fields.Count; index++)
        {
            if (fields[index].Key == NamedValues.After && fields[index].Value is IEnumerable<string> typed)
            {
                fields[index] = new(NamedValues.After, ImmutableArray.CreateRange(typed.Take(FieldValue.MaxValues).Select(HashOf)));
            }
        }

        return e with { Target = e.Target is { } target ? target with { Email = null } : null };
    }

    private AuditUser? WithoutName(AuditUser? user, ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        if (user is not { Exists: false })
        {
            return user;
        }

        if ((user.Name ?? user.Email) is { } claimed)
        {
            fields.AddIfAbsent(NameHash, HashOf(claimed));
        }

        return user with { Name = null, Email = null };
    }

    private string HashOf(string? claimed) => pseudonyms.Of((claimed ?? "").ToUpperInvariant());
}
