using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>Which connections take part in which transactions of <c>System.Transactions</c>, until those end.</summary>
/// <remarks>Names types of Entity Framework Core's relational part, which are touched when an event of that part has come.</remarks>
internal sealed class EnlistedConnections
{
    private readonly ConditionalWeakTable<DbConnection, Transaction> _transactions = [];
    private volatile bool _hasAny;

    /// <summary>Entity Framework Core says that a connection takes part in one.</summary>
    public void Saw(object? data)
    {
        if (data is not TransactionEnlistedEventData { Connection: { } connection, Transaction: { } transaction })
        {
            return;
        }

        _transactions.AddOrUpdate(connection, transaction);
        _hasAny = true;
        transaction.TransactionCompleted += (_, _) =>
        {
            if (_transactions.TryGetValue(connection, out var current) && ReferenceEquals(current, transaction))
            {
                _transactions.Remove(connection);
            }
        };
    }

    /// <summary>The transaction that the context's connection takes part in, whatever thread asks.</summary>
    public Transaction? Of(DbContext context) => _hasAny ? Find(context) : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Transaction? Find(DbContext context) =>
        context.Database.IsRelational() && _transactions.TryGetValue(context.Database.GetDbConnection(), out var transaction) ? transaction : null;
}
