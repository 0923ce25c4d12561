using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Capture.Tables;
using SecurityAudit.Journal;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>
/// Records what <c>SaveChanges</c>, and statements past it, make of accounts, roles, claims and the tables that the application tracks,
/// whoever calls it, when it is true: at the commit.
/// </summary>
/// <remarks>
/// Only contexts of this host whose model has such entities. Where the owner chose Refuse, the start of a <c>SaveChanges</c>, a statement
/// and the commit of a transaction are where Entity Framework Core lets an exception of a listener through before anything is true. The
/// context is never queried: it is busy, and another connection could wait for its locks.
/// </remarks>
internal sealed class IdentityDatabase(
    IdentityRequests requests, CoveredAccounts covered, IdentityRecorder recorder, TimeProvider time, JournalGate gate, TrackedRows tracked)
    : IObserver<KeyValuePair<string, object?>>
{
    private readonly ConditionalWeakTable<DbContext, PendingChanges> _pending = [];
    private readonly WatchedContexts _contexts = new(requests, covered, recorder, tracked.Tables);
    private readonly EnlistedConnections _enlisted = new();
    private TableCommands? _commands;

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
            else if (value.Key is EntityFrameworkListener.AmbientEnlisted or EntityFrameworkListener.ExplicitlyEnlisted && EntityFrameworkSupport.IsRelationalSupported)
            {
                _enlisted.Saw(value.Value);
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
        switch (name)
        {
            case EntityFrameworkListener.SaveChangesStarting:
                Starting(context);
                break;
            case EntityFrameworkListener.TransactionUsed when _contexts.IsWatched(context):
                Pending(context).Brought();
                break;
            case EntityFrameworkListener.AmbientIgnored when _contexts.IsWatched(context):
                Pending(context).StaysOutside();
                break;
            case EntityFrameworkListener.CommandExecuting or EntityFrameworkListener.CommandExecuted
                or EntityFrameworkListener.CommandError or EntityFrameworkListener.CommandCanceled:
                if (EntityFrameworkSupport.IsRelationalSupported)
                {
                    Commanded(name, context, data);
                }

                break;
            default:
                if (_pending.TryGetValue(context, out var pending))
                {
                    Went(name, context, pending, (data as IErrorEventData)?.Exception);
                }

                break;
        }
    }

    private void Went(string name, DbContext context, PendingChanges pending, Exception? exception)
    {
        switch (name)
        {
            case EntityFrameworkListener.TransactionCommitting when pending.IsOpen:
                gate.Demand();
                break;
            case EntityFrameworkListener.SaveChangesCompleted:
                pending.Saved(context);
                break;
            case EntityFrameworkListener.SaveChangesFailed or EntityFrameworkListener.ConcurrencyFailed:
                pending.Failed(context, exception);
                break;
            case EntityFrameworkListener.SaveChangesCanceled:
                pending.Failed(context, new OperationCanceledException());
                break;
            case EntityFrameworkListener.TransactionCommitted:
                pending.Committed();
                break;
            case EntityFrameworkListener.TransactionRolledBack:
                pending.RolledBack();
                break;
            case EntityFrameworkListener.TransactionDisposed:
                pending.TransactionEnded();
                break;
            // Refused before its commit, it is rolled back when it is disposed.
            case EntityFrameworkListener.TransactionError when exception is not JournalUnavailableException:
                pending.TransactionFailed(exception);
                break;
            case EntityFrameworkListener.ContextDisposed:
                pending.EndedUnseen();
                break;
            // Entity Framework Core goes back to a savepoint of its own when a SaveChanges fails.
            case EntityFrameworkListener.RolledBackToSavepoint when !pending.IsWriting:
                pending.PartlyRolledBack();
                break;
        }
    }

    private PendingChanges Pending(DbContext context) => _pending.GetValue(context, _ => new PendingChanges(requests, recorder, _enlisted));

    private void Starting(DbContext context)
    {
        if (!_contexts.IsWatched(context))
        {
            return;
        }

        List<Func<SecurityEvent>> changes =
        [
            .. new IdentityChangeReader(_contexts.Of, context, Writing, time.GetUtcNow()).Read(),
            .. tracked.Read(context),
        ];
        if (changes.Count > 0)
        {
            gate.Demand();
            Pending(context).Writing(changes);
        }
        else if (_pending.TryGetValue(context, out var previous))
        {
            previous.Writing([]);
        }
    }

    private void Commanded(string name, DbContext context, object data)
    {
        _contexts.Meet(context);
        var changes = (_commands ??= new TableCommands(tracked.Tables, _contexts)).Read(data);
        if (changes.Count == 0)
        {
            return;
        }

        if (name is EntityFrameworkListener.CommandExecuting)
        {
            gate.Demand();
        }
        else if (name is EntityFrameworkListener.CommandExecuted)
        {
            // A statement that met no row changed nothing.
            Pending(context).Written(context, [.. changes.Where(change => change.Rows != 0).Select(change => change.Event())]);
        }
        else if ((data as IErrorEventData)?.Exception is not JournalUnavailableException)
        {
            var reason = (data as IErrorEventData)?.Exception.GetType().Name ?? nameof(OperationCanceledException);
            // Of several statements outside of a transaction those before the one that failed have had their effect.
            var outcome = changes.Count > 1 && context.Database.CurrentTransaction is null ? EventOutcome.Unknown : EventOutcome.Failure;
            foreach (var change in changes)
            {
                recorder.Record(change.Event() with { Outcome = outcome, Reason = reason });
            }
        }
    }

    /// <summary>True when the lock that is being written comes from a sign-in that failed.</summary>
    private bool Writing(AuditUser account, int failures, bool locks) =>
        requests.SawExisting(new AccountWriting(IdentityRequests.Now, account, failures, locks)).LocksByFailure;

    private void Found(object entity)
    {
        if (_contexts.Of(entity.GetType()) == IdentityEntity.User && IdentityChangeReader.Account(entity) is { } account)
        {
            requests.SawExisting(new AccountLoaded(IdentityRequests.Now, account));
        }
    }
}
