using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>
/// People type passwords into boxes for names and addresses: what was typed and belongs to no account, because there is none or because the
/// change was refused, is recorded as its keyed hash alone.
/// </summary>
internal sealed class ClaimedNames(Pseudonyms pseudonyms)
{
    public SecurityEvent Hash(SecurityEvent e, ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        if (e is { Action: "user_created", Outcome: EventOutcome.Failure, Target: { } unmade })
        {
            // The id of an account that was not made means nothing.
            e = e with { Target = unmade with { Id = null, Exists = IsTaken(e) } };
        }

        if (e.Outcome == EventOutcome.Failure && e[EventFields.ChangeKind] is "user_name" or "email" or "phone_number")
        {
            e = WithoutRefusedValue(e, fields);
        }

        return e with { User = WithoutName(e.User, EventFields.User, fields), Target = WithoutName(e.Target, EventFields.Target, fields) };
    }

    /// <summary>The name is that of another account: it exists.</summary>
    private static bool IsTaken(SecurityEvent e) => e.Reason is "DuplicateUserName";

    private SecurityEvent WithoutRefusedValue(SecurityEvent e, ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        for (var index = 0; index < fields.Count; index++)
        {
            if (fields[index].Key == EventFields.ChangeAfter.Name && fields[index].Value is IEnumerable<string> typed)
            {
                fields[index] = new(EventFields.ChangeAfter.Name, ImmutableArray.CreateRange(typed.Take(FieldValue.MaxValues).Select(HashOf)));
            }
        }

        return e with { Target = e.Target is { } target ? target with { Email = null } : null };
    }

    private AuditUser? WithoutName(AuditUser? user, AccountFields account, ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        if (user is not { Exists: false })
        {
            return user;
        }

        if ((user.Name ?? user.Email) is { } claimed)
        {
            fields.AddIfAbsent(account.Hash, HashOf(claimed));
        }

        return user with { Name = null, Email = null };
    }

    private string HashOf(string? claimed) => pseudonyms.Of((claimed ?? "").ToUpperInvariant());
}
