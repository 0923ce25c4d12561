using System.Collections.Frozen;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Tables;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>Subscribes to the events of Entity Framework Core, if and when the application loads it.</summary>
/// <remarks>Names no type of Entity Framework Core itself: without it, the class that does is never touched.</remarks>
internal sealed class EntityFrameworkListener : IObserver<DiagnosticListener>, IDisposable
{
    private const string Prefix = "Microsoft.EntityFrameworkCore.";

    private static readonly FrozenSet<string> Events = new[]
    {
        SaveChangesStarting, SaveChangesCompleted, SaveChangesFailed, SaveChangesCanceled, ConcurrencyFailed,
        TransactionUsed, TransactionCommitted, TransactionRolledBack, TransactionDisposed, TransactionError, RolledBackToSavepoint, ContextDisposed,
        AmbientEnlisted, AmbientIgnored, ExplicitlyEnlisted, CommandExecuted, CommandError, CommandCanceled,
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly List<IDisposable> _subscriptions = [];
    private readonly IdentityRequests _requests;
    private readonly CoveredAccounts _covered;
    private readonly IdentityRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly JournalGate _gate;
    private readonly TrackedRows _tracked;
    private IObserver<KeyValuePair<string, object?>>? _database;
    private bool _disposed;

    public EntityFrameworkListener(
        IdentityRequests requests, CoveredAccounts covered, IdentityRecorder recorder, TimeProvider time, JournalGate gate, TrackedRows tracked)
    {
        (_requests, _covered, _recorder, _time, _gate, _tracked) = (requests, covered, recorder, time, gate, tracked);
        Keep(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public const string SaveChangesStarting = Prefix + "Update.SaveChangesStarting";
    public const string SaveChangesCompleted = Prefix + "Update.SaveChangesCompleted";
    public const string SaveChangesFailed = Prefix + "Update.SaveChangesFailed";
    public const string SaveChangesCanceled = Prefix + "Update.SaveChangesCanceled";
    public const string ConcurrencyFailed = Prefix + "Update.OptimisticConcurrencyException";
    public const string TransactionUsed = Prefix + "Database.Transaction.TransactionUsed";
    public const string TransactionCommitting = Prefix + "Database.Transaction.TransactionCommitting";
    public const string TransactionCommitted = Prefix + "Database.Transaction.TransactionCommitted";
    public const string TransactionRolledBack = Prefix + "Database.Transaction.TransactionRolledBack";
    public const string TransactionDisposed = Prefix + "Database.Transaction.TransactionDisposed";
    public const string TransactionError = Prefix + "Database.Transaction.TransactionError";
    public const string AmbientEnlisted = Prefix + "Database.Transaction.AmbientTransactionEnlisted";
    public const string AmbientIgnored = Prefix + "Database.Transaction.AmbientTransactionWarning";
    public const string ExplicitlyEnlisted = Prefix + "Database.Transaction.ExplicitTransactionEnlisted";
    public const string CommandExecuting = Prefix + "Database.Command.CommandExecuting";
    public const string CommandExecuted = Prefix + "Database.Command.CommandExecuted";
    public const string CommandError = Prefix + "Database.Command.CommandError";
    public const string CommandCanceled = Prefix + "Database.Command.CommandCanceled";
    public const string RolledBackToSavepoint = Prefix + "Database.Transaction.RolledBackToTransactionSavepoint";
    public const string ContextDisposed = Prefix + "Infrastructure.ContextDisposed";
    public const string StartedTracking = Prefix + "ChangeTracking.StartedTracking";

    public void OnNext(DiagnosticListener value)
    {
        if (!string.Equals(value.Name, "Microsoft.EntityFrameworkCore", StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            if (EntityFrameworkSupport.IsSupported)
            {
                Subscribe(value);
            }
        }
        catch (Exception exception)
        {
            // An Entity Framework Core older than the one this was compiled against: accounts are then seen through the meter alone.
            _recorder.Failed(value.Name, exception);
        }
    }

    public void OnCompleted()
    {
        // The list of listeners ends with the process.
    }

    public void OnError(Exception error) => _recorder.Failed(nameof(DiagnosticListener), error);

    public void Dispose()
    {
        IDisposable[] ended;
        lock (_subscriptions)
        {
            _disposed = true;
            ended = [.. _subscriptions];
            _subscriptions.Clear();
        }

        // Outside the lock: ending a subscription takes the process's lock on all listeners, under which a new listener calls OnNext.
        foreach (var subscription in ended)
        {
            subscription.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Subscribe(DiagnosticListener listener)
    {
        _database ??= new IdentityDatabase(_requests, _covered, _recorder, _time, _gate, _tracked);
        Keep(listener.Subscribe(_database, IsWanted));
    }

    // Asked for everything that Entity Framework Core does. Loaded entities matter only between the look-up of a name and
    // the decision, so that a locked account, whose password Identity does not check, has an id too.
    private bool IsWanted(string name) =>
        Events.Contains(name)
        || (name is TransactionCommitting or CommandExecuting && _gate.Refuses)
        || (string.Equals(name, StartedTracking, StringComparison.Ordinal) && AwaitsAccount());

    private bool AwaitsAccount()
    {
        try
        {
            return _requests.Existing is { State.AwaitsAccount: true };
        }
        catch (Exception failure)
        {
            _recorder.Failed(StartedTracking, failure); // the request of this moment cannot be asked: Entity Framework Core goes on
            return false;
        }
    }

    private void Keep(IDisposable subscription)
    {
        lock (_subscriptions)
        {
            if (!_disposed)
            {
                _subscriptions.Add(subscription);
                return;
            }
        }

        subscription.Dispose();
    }
}
