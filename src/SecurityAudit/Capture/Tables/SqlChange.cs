using System.Collections.Immutable;

namespace SecurityAudit.Capture.Tables;

/// <summary>What one statement of SQL does with one table, as far as its text tells.</summary>
/// <param name="Operation"><c>insert</c>, <c>update</c>, <c>delete</c>, <c>replace</c>, <c>merge</c>, <c>truncate</c> or <c>drop</c>.</param>
/// <param name="Schema">The schema, if one is named.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns that are named as given values, 64 at most.</param>
internal sealed record SqlChange(string Operation, string? Schema, string Table, ImmutableArray<string> Columns);
