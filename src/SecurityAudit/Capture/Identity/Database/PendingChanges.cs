using System.Transactions;
using Microsoft.EntityFrameworkCore;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>
/// What one <c>DbContext</c> is about to make true, and in which transaction: successes are recorded when it is committed, failures at once,
/// and what nobody saw the end of is recorded as uncertain.
/// </summary>
internal sealed class PendingChanges(IdentityRequests requests, IdentityRecorder recorder, EnlistedConnections enlisted)
{
    private List<Func<SecurityEvent>> _writing = [];
    private List<SecurityEvent> _written = [];
    private bool _isOutsideAmbient;
    private bool _isForeign;

    /// <summary>A <c>SaveChanges</c> is under way.</summary>
    public bool IsWriting => _writing.Count > 0;

    public bool IsOpen => _writing.Count > 0 || _written.Count > 0;

    /// <summary>A <c>SaveChanges</c> begins; keys that the database makes are read when it is over.</summary>
    public void Writing(List<Func<SecurityEvent>> changes) => _writing = changes;

    /// <summary>The application brought a transaction and commits it out of sight.</summary>
    public void Brought() => _isForeign = true;

    /// <summary>The provider takes no part in the transaction around it: what is saved is true at once.</summary>
    public void StaysOutside() => _isOutsideAmbient = true;

    /// <summary>A <c>SaveChanges</c> is over.</summary>
    public void Saved(DbContext context)
    {
        var events = _writing.ConvertAll(make => make());
        _writing = [];
        if (events.Count > 0)
        {
            requests.SawExisting(new ChangesWritten(IdentityRequests.Now, [.. events.Select(made => made.Target).OfType<AuditUser>()]));
            Written(context, events);
        }
    }

    /// <summary>This is in the database, and true when the transaction is.</summary>
    public void Written(DbContext context, IReadOnlyList<SecurityEvent> events)
    {
        _written.AddRange(events);
        if (context.Database.CurrentTransaction is not null)
        {
            return;
        }

        if (enlisted.Of(context) is { } transaction)
        {
            Await(transaction, isCertain: true);
        }
        else if (Transaction.Current is not { } ambient)
        {
            Record();
        }
        else if (_isOutsideAmbient)
        {
            // Whatever becomes of the transaction, this is saved.
            Explain("saved at once, whether the transaction scope is completed or not: the database takes no part in it");
            Record();
        }
        else
        {
            Await(ambient, isCertain: false);
        }
    }

    /// <summary>A <c>SaveChanges</c> ended in vain.</summary>
    public void Failed(DbContext context, Exception? exception)
    {
        var events = exception is JournalUnavailableException ? [] : _writing.ConvertAll(make => make()); // refused before its commit
        _writing = [];
        var reason = exception is null ? "not saved" : exception.GetType().Name;
        // Without a transaction of its own the rows before the one that failed are in the database.
        var isInPart = events.Count > 1 && context.Database.CurrentTransaction is null && enlisted.Of(context) is null
            && (context.Database.AutoTransactionBehavior == AutoTransactionBehavior.Never || (_isOutsideAmbient && Transaction.Current is not null));
        // Accounts that were not made: what else was to be given to them, roles or claims, names nobody either.
        var unmade = events.Where(made => made.Action is "user_created").Select(made => made.Target?.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var one in events)
        {
            var made = one.Target is { Id: not null } owner && unmade.Contains(owner.Id) ? one with { Target = owner with { Id = null, Exists = false } } : one;
            recorder.Record(isInPart
                ? one with { Outcome = EventOutcome.Unknown, Reason = $"{reason}; without a transaction, some of it may be saved" }
                : made.Action is "authn_password_change" or "authn_password_reset" && made.Target is { } target
                    ? SecurityEvents.AuthnPasswordChangeFail(target, reason)
                    : made with { Outcome = EventOutcome.Failure, Reason = reason });
        }

        if (events.Count > 0)
        {
            requests.SawExisting(new ChangesFailed(IdentityRequests.Now));
        }
    }

    public void Committed() => Record();

    public void RolledBack() => _written.Clear();

    /// <summary>The transaction was disposed: without a commit, unless it is the application's own.</summary>
    public void TransactionEnded()
    {
        if (_isForeign)
        {
            EndedUnseen();
        }
        else
        {
            RolledBack();
        }
    }

    /// <summary>Nothing more will be heard of this context, or of the transaction that the application brought.</summary>
    public void EndedUnseen()
    {
        _isForeign = false;
        InDoubt("the end of the transaction was not seen");
    }

    /// <summary>Its end was seen and is uncertain: the database may have committed before the connection broke.</summary>
    public void TransactionFailed(Exception? exception) => InDoubt($"the end of the transaction failed: {exception?.GetType().Name ?? "unknown"}");

    /// <summary>Back to a savepoint; which one the application named is not told.</summary>
    public void PartlyRolledBack() => Doubt("the transaction was partly rolled back");

    private void InDoubt(string reason)
    {
        Doubt(reason);
        Record();
    }

    private void Doubt(string reason) => _written = _written.ConvertAll(made => made with { Outcome = EventOutcome.Unknown, Reason = reason });

    private void Record() => RecordAll(Taken());

    private List<SecurityEvent> Taken()
    {
        var events = _written;
        _written = [];
        return events;
    }

    private void Explain(string reason) => _written = _written.ConvertAll(made => made with { Reason = reason });

    private void Await(Transaction transaction, bool isCertain)
    {
        var events = Taken();
        // The completion may come on a thread of the transaction manager, which knows nothing of the request.
        var execution = ExecutionContext.Capture();
        transaction.TransactionCompleted += (_, completed) =>
        {
            var status = completed.Transaction?.TransactionInformation.Status;
            if (status == TransactionStatus.Aborted && isCertain)
            {
                return;
            }

            var ended = status == TransactionStatus.Committed
                ? events
                : events.ConvertAll(static made => made with
                {
                    Outcome = EventOutcome.Unknown,
                    Reason = "saved; the transaction was not committed as far as was seen, and whether the database took part in it was not",
                });
            if (execution is null)
            {
                RecordAll(ended);
            }
            else
            {
                ExecutionContext.Run(execution, _ => RecordAll(ended), null);
            }
        };
    }

    private void RecordAll(List<SecurityEvent> events)
    {
        foreach (var made in events)
        {
            requests.SawExisting(new ChangeMade(IdentityRequests.Now, made));
        }
    }
}
