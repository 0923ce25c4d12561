using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Tables;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>
/// Reads from the commands that Entity Framework Core executes past <c>SaveChanges</c> which of the watched tables they change:
/// <c>ExecuteUpdate</c>, <c>ExecuteDelete</c>, SQL, the data of a migration. Of their parameters nothing is read.
/// </summary>
/// <remarks>
/// Names types of Entity Framework Core's relational part: never touched before an event of that part has come. What a procedure, a trigger
/// or a cascade of the database does is not told, nor what goes past Entity Framework Core, on the same connection or another.
/// </remarks>
internal sealed class TableCommands(TrackedTables tracked, WatchedContexts contexts)
{
    private readonly ConditionalWeakTable<IModel, WatchedTable[]> _tables = [];

    /// <summary>The changes that a command makes, or made; none for what is not looked at.</summary>
    public IReadOnlyList<TableChange> Read(object data)
    {
        if (data is not CommandEventData { Context: { } context } command || !IsPast(command.CommandSource) || !contexts.IsWatched(context))
        {
            return [];
        }

        var changes = SqlStatements.Read(command.Command.CommandText, SqlDialect.Of(context.Database.ProviderName));
        if (changes.Count == 0)
        {
            return [];
        }

        var tables = _tables.GetValue(context.Model, Tables);
        var rows = changes.Count == 1 && data is CommandExecutedEventData { Result: int and >= 0 and var affected } ? affected : (int?)null;
        return
        [
            .. changes.Where(change => command.CommandSource != CommandSource.Migrations || change.Operation is not ("drop" or "truncate"))
                .Select(change => (Change: change, Table: Array.Find(tables, table => table.Is(change))))
                .Where(found => found.Table is not null)
                .DistinctBy(found => (found.Change.Operation, found.Table))
                .Select(found => new TableChange(found.Table!, found.Change.Operation, found.Change.Columns, rows)),
        ];
    }

    private static bool IsPast(CommandSource source) =>
        source is not (CommandSource.LinqQuery or CommandSource.SaveChanges or CommandSource.ValueGenerator or CommandSource.Scaffolding);

    // By the columns: how a table names its classes is not the same in all versions of Entity Framework Core.
    private WatchedTable[] Tables(IModel model)
    {
        List<WatchedTable> tables = [];
        foreach (var table in model.GetRelationalModel().Tables)
        {
            var columns = table.Columns.SelectMany(column => column.PropertyMappings.Select(mapping => (column.Name, mapping.Property))).ToList();
            var entities = columns.Select(column => column.Property.DeclaringType).OfType<IEntityType>().Distinct().ToList();
            var kind = entities.Select(entity => contexts.Of(entity.ClrType)).FirstOrDefault(kind => kind != IdentityEntity.None);
            if (kind != IdentityEntity.None || entities.Exists(tracked.Contains))
            {
                var passwords = columns.Where(column => kind == IdentityEntity.User && column.Property.Name is "PasswordHash");
                tables.Add(new WatchedTable(
                    table.Schema, table.Name, kind, passwords.Select(column => column.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase)));
            }
        }

        return [.. tables];
    }
}
