using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>
/// People type passwords into boxes for names and addresses: what was typed and belongs to no account, because there is none or because the
/// change was refused, is recorded as its keyed hash alone. An attempt to sign in has the hash of its name, whether an account has that name or
/// not: by it they are counted alike.
/// </summary>
internal sealed class ClaimedNames(Pseudonyms pseudonyms)
{
    public void Hash(EventDraft draft)
    {
        if (draft.Given.Outcome == EventOutcome.Failure)
        {
            HashRefused(draft);
        }

        draft.User = WithoutName(draft.User, EventFields.User, draft);
        if (draft.User is { Exists: not false } known && draft.Given.Categories.Contains("authentication") && (known.Name ?? known.Email ?? known.Id) is { } name)
        {
            draft.AddIfAbsent(EventFields.User.Hash, HashOf(name));
        }

        draft.Target = WithoutName(draft.Target, EventFields.Target, draft);
        draft.Effective = WithoutName(draft.Effective, EventFields.Effective, draft);
    }

    private void HashRefused(EventDraft draft)
    {
        if (draft is { Given.Action: "user_created", Target: { } unmade })
        {
            // The id of an account that was not made means nothing; where the name is that of another account, it exists.
            draft.Target = unmade with { Id = null, Exists = draft.Given.Reason is "DuplicateUserName" };
        }

        if (draft[EventFields.ChangeKind] is "user_name" or "email" or "phone_number")
        {
            if (draft[EventFields.ChangeAfter] is IEnumerable<string> typed)
            {
                draft.Set(EventFields.ChangeAfter, ImmutableArray.CreateRange(typed.Take(FieldValue.MaxValues).Select(HashOf)));
            }

            draft.Target = draft.Target is { Email: not null } target ? target with { Email = null } : draft.Target;
        }
    }

    private AuditUser? WithoutName(AuditUser? user, AccountFields account, EventDraft draft)
    {
        if (user is not { Exists: false })
        {
            return user;
        }

        if ((user.Name ?? user.Email) is { } claimed)
        {
            draft.AddIfAbsent(account.Hash, HashOf(claimed));
        }

        return user with { Name = null, Email = null };
    }

    /// <summary>The hash of a name, as <c>user.hash</c> has it: in whatever case it was typed.</summary>
    public string HashOf(string? claimed) => pseudonyms.Of((claimed ?? "").ToUpperInvariant());
}
