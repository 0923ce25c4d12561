using System.Runtime.CompilerServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Journal;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Records what <c>SaveChanges</c> makes of accounts, roles and claims, whoever calls it, when it is true: at the commit.
/// </summary>
/// <remarks>
/// Only contexts of this host whose model has Identity's entities. <c>ExecuteUpdate</c>, <c>ExecuteDelete</c> and SQL bypass
/// <c>SaveChanges</c> and are not seen. Where the owner chose Refuse, the start of a <c>SaveChanges</c> and the commit of a transaction are
/// where Entity Framework Core lets an exception of a listener through before anything is true. The context is never queried: it is busy,
/// and another connection could wait for its locks.
/// </remarks>
internal sealed class IdentityDatabase(
    IdentityRequests requests, CoveredAccounts covered, IdentityRecorder recorder, TimeProvider time, JournalGate gate)
    : IObserver<KeyValuePair<string, object?>>
{
    private readonly ConditionalWeakTable<DbContext, SavedChanges> _changes = [];
    private readonly WatchedContexts _contexts = new(requests, covered, recorder);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        try
        {
            if (value.Value is EntityEntryEventData { EntityEntry: var entry })
            {
                Found(entry.Entity);
            }
            else if (value.Value is DbContextEventData { Context: { } context })
            {
                Happened(value.Key, context, value.Value);
            }
        }
        catch (Exception exception) when (exception is not JournalUnavailableException)
        {
            recorder.Failed(value.Key, exception);
        }
    }

    public void OnCompleted()
    {
        // The source ends with the process.
    }

    public void OnError(Exception error) => recorder.Failed(nameof(IdentityDatabase), error);

    private void Happened(string name, DbContext context, object data)
    {
        if (name is EntityFrameworkListener.SaveChangesStarting)
        {
            Starting(context);
            return;
        }

        if (name is EntityFrameworkListener.TransactionUsed && _contexts.IsWatched(context))
        {
            _changes.GetOrCreateValue(context).TransactionIsForeign = true;
            return;
        }

        if (!_changes.TryGetValue(context, out var changes))
        {
            return;
        }

        switch (name)
        {
            case EntityFrameworkListener.TransactionCommitting when changes.Writing.Count > 0 || changes.Written.Count > 0:
                gate.Demand();
                break;
            case EntityFrameworkListener.SaveChangesCompleted:
                Completed(context, changes);
                break;
            case EntityFrameworkListener.SaveChangesFailed or EntityFrameworkListener.ConcurrencyFailed:
                Failed(changes, (data as DbContextErrorEventData)?.Exception);
                break;
            case EntityFrameworkListener.SaveChangesCanceled:
                Failed(changes, new OperationCanceledException());
                break;
            case EntityFrameworkListener.TransactionCommitted:
                Record(changes);
                break;
            case EntityFrameworkListener.TransactionRolledBack:
            case EntityFrameworkListener.TransactionDisposed when !changes.TransactionIsForeign:
                changes.Written.Clear();
                break;
            case EntityFrameworkListener.TransactionDisposed or EntityFrameworkListener.ContextDisposed:
                changes.TransactionIsForeign = false;
                Doubt(changes, "the end of the transaction was not seen");
                Record(changes);
                break;
            // Entity Framework Core goes back to a savepoint of its own when a SaveChanges fails; which one the application named is not
            // told.
            case EntityFrameworkListener.RolledBackToSavepoint when changes.Writing.Count == 0:
                Doubt(changes, "the transaction was partly rolled back");
                break;
        }
    }

    private void Starting(DbContext context)
    {
        if (!_contexts.IsWatched(context))
        {
            return;
        }

        var changes = new IdentityChangeReader(_contexts.Of, context, Writing, time.GetUtcNow()).Read();
        if (changes.Count > 0)
        {
            gate.Demand();
            _changes.GetOrCreateValue(context).Writing = changes;
        }
        else if (_changes.TryGetValue(context, out var previous))
        {
            previous.Writing = [];
        }
    }

    private void Completed(DbContext context, SavedChanges changes)
    {
        var events = changes.Writing.ConvertAll(make => make());
        changes.Writing = [];
        if (events.Count == 0)
        {
            return;
        }

        requests.SawExisting(new ChangesWritten(IdentityRequests.Now, [.. events.Select(made => made.Target).OfType<AuditUser>()]));
        changes.Written.AddRange(events);
        if (context.Database.CurrentTransaction is not null)
        {
            return;
        }

        if (Transaction.Current is { } ambient)
        {
            RecordAfter(ambient, changes);
            return;
        }

        Record(changes);
    }

    private void RecordAfter(Transaction ambient, SavedChanges changes)
    {
        var events = changes.Written;
        changes.Written = [];
        // The completion may come on a thread of the transaction manager, which knows nothing of the request.
        var execution = ExecutionContext.Capture();
        ambient.TransactionCompleted += (_, completed) =>
        {
            if (completed.Transaction?.TransactionInformation.Status != TransactionStatus.Committed)
            {
                return;
            }

            if (execution is null)
            {
                RecordAll(events);
            }
            else
            {
                ExecutionContext.Run(execution, _ => RecordAll(events), null);
            }
        };
    }

    private void Failed(SavedChanges changes, Exception? exception)
    {
        if (exception is JournalUnavailableException)
        {
            changes.Writing = []; // refused before its commit
            return;
        }

        var events = changes.Writing.ConvertAll(make => make());
        changes.Writing = [];
        // Accounts that were not made: what else was to be given to them, roles or claims, names nobody either.
        var unmade = events.Where(made => made.Action is "user_created").Select(made => made.Target?.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var one in events)
        {
            var made = one.Target is { Id: not null } owner && unmade.Contains(owner.Id) ? one with { Target = owner with { Id = null, Exists = false } } : one;
            var reason = exception is null ? "not saved" : exception.GetType().Name;
            recorder.Record(made.Action is "authn_password_change" or "authn_password_reset" && made.Target is { } target
                ? SecurityEvents.AuthnPasswordChangeFail(target, reason)
                : made with { Outcome = EventOutcome.Failure, Reason = reason });
        }

        if (events.Count > 0)
        {
            requests.SawExisting(new ChangesFailed(IdentityRequests.Now));
        }
    }

    private void Record(SavedChanges changes)
    {
        var events = changes.Written;
        changes.Written = [];
        RecordAll(events);
    }

    private void RecordAll(List<SecurityEvent> events)
    {
        foreach (var made in events)
        {
            requests.SawExisting(new ChangeMade(IdentityRequests.Now, made));
        }
    }

    /// <summary>True when the lock that is being written comes from a sign-in that failed.</summary>
    private bool Writing(AuditUser account, int failures, bool locks) =>
        requests.SawExisting(new AccountWriting(IdentityRequests.Now, account, failures, locks)).LocksByFailure;

    private static void Doubt(SavedChanges changes, string reason) =>
        changes.Written = changes.Written.ConvertAll(made => made with { Outcome = EventOutcome.Unknown, Reason = reason });

    private void Found(object entity)
    {
        if (_contexts.Of(entity.GetType()) == IdentityEntity.User && IdentityChangeReader.Account(entity) is { } account)
        {
            requests.SawExisting(new AccountLoaded(IdentityRequests.Now, account));
        }
    }
}
