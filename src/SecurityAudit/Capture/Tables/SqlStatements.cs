using System.Collections.Immutable;

namespace SecurityAudit.Capture.Tables;

/// <summary>
/// Finds in SQL which tables it changes. It is no parser of a database's: it looks for the verbs that change data and for the name behind
/// them. Values are never looked at. Its time is proportional to the length of the text.
/// </summary>
internal sealed class SqlStatements
{
    /// <summary>Of a text with more changes no more are read.</summary>
    public const int MaxChanges = 64;

    private const int MaxColumns = 64;

    private readonly List<SqlToken> _tokens;
    private int _at;

    private SqlStatements(List<SqlToken> tokens) => _tokens = tokens;

    public static List<SqlChange> Read(string sql, SqlDialect dialect) => new SqlStatements(SqlTokens.Of(sql, dialect)).Read();

    private List<SqlChange> Read()
    {
        List<SqlChange> changes = [];
        for (_at = 0; _at < _tokens.Count && changes.Count < MaxChanges && !DefinesRoutine(); _at++)
        {
            var verb = _at;
            if (Operation() is { } operation && Change(operation) is { } change)
            {
                changes.Add(change);
            }

            // Only the verb is passed: a statement may have another one within it, behind WITH or in a batch without semicolons.
            _at = verb;
        }

        return changes;
    }

    private SqlToken At(int index) => index >= 0 && index < _tokens.Count ? _tokens[index] : default;

    /// <summary>What a trigger or a procedure will do is not done now.</summary>
    private bool DefinesRoutine() =>
        At(_at).IsAny("TRIGGER", "PROCEDURE", "PROC", "FUNCTION") && (At(_at - 1).IsAny("CREATE", "ALTER", "TEMP", "TEMPORARY")
            || (At(_at - 1).IsAny("REPLACE", "ALTER") && At(_at - 2).Is("OR")));

    private string? Operation()
    {
        var (before, word, next) = (At(_at - 1), At(_at), At(_at + 1));
        if (word is { IsQuoted: true } or { Word: null } || before.Symbol == '.')
        {
            return null;
        }

        var isFirst = _at == 0 || before.Symbol is ';' or ')';
        return word.Word.ToUpperInvariant() switch
        {
            "UPDATE" when !before.IsAny("ON", "FOR", "DO", "KEY", "THEN", "AFTER", "BEFORE", "OF", "OR") && !next.Is("STATISTICS") => "update",
            "DELETE" when !before.IsAny("ON", "THEN", "AFTER", "BEFORE", "OF", "OR") => "delete",
            "INSERT" when !before.IsAny("THEN", "AFTER", "BEFORE", "OF", "OR") && next.Symbol != '(' => "insert",
            "REPLACE" when (next.Is("INTO") && !before.Is("OR")) || (isFirst && next.Symbol != '(') => "replace",
            "MERGE" when !next.IsAny("JOIN", "UNION") => "merge",
            "TRUNCATE" when next.Word is not null => "truncate",
            "DROP" when next.Is("TABLE") => "drop",
            _ => null,
        };
    }

    private SqlChange? Change(string operation)
    {
        _at++;
        SkipModifiers();
        if (Name() is not { } name)
        {
            return null;
        }

        var columns = operation switch
        {
            "insert" or "replace" => Listed(),
            "update" => Assigned(),
            _ => [],
        };
        // UPDATE a SET … FROM Users AS a: the name is another one's alias.
        var (schema, table) = name.Schema is null && Aliased(name.Table) is { } real ? real : name;
        return new SqlChange(operation, schema, table, columns);
    }

    private void SkipModifiers()
    {
        while (At(_at).IsAny("INTO", "FROM", "ONLY", "TABLE", "IGNORE", "LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IF", "EXISTS", "OR", "TOP"))
        {
            if (At(_at).Is("OR"))
            {
                _at++; // UPDATE OR ROLLBACK
            }
            else if (At(_at).Is("TOP"))
            {
                while (_at < _tokens.Count && At(_at).Symbol is not ')' && !At(_at + 1).IsQuoted && At(_at + 1).Word is null)
                {
                    _at++;
                }
            }

            _at++;
        }
    }

    /// <summary>A name, its schema before it; more than that (a database, a server) is left out.</summary>
    private (string? Schema, string Table)? Name()
    {
        if (At(_at).Word is not { } table)
        {
            return null;
        }

        string? schema = null;
        _at++;
        while (At(_at).Symbol == '.')
        {
            while (At(_at).Symbol == '.')
            {
                schema = At(_at - 1).Symbol == '.' ? null : table;
                _at++;
            }

            if (At(_at).Word is not { } part)
            {
                break;
            }

            table = part;
            _at++;
        }

        return (schema, table);
    }

    private ImmutableArray<string> Listed()
    {
        if (At(_at).Symbol != '(' || At(_at + 1).IsAny("SELECT", "VALUES"))
        {
            return [];
        }

        var columns = ImmutableArray.CreateBuilder<string>();
        for (var at = _at + 1; at < _tokens.Count && At(at).Symbol != ')' && columns.Count < MaxColumns; at++)
        {
            if (At(at).Word is { } column)
            {
                columns.Add(column);
            }
        }

        return columns.ToImmutable();
    }

    private ImmutableArray<string> Assigned()
    {
        var at = _at;
        while (at < _tokens.Count && !At(at).Is("SET"))
        {
            if (At(at).Symbol == ';')
            {
                return [];
            }

            at++;
        }

        var columns = ImmutableArray.CreateBuilder<string>();
        var (depth, isTarget) = (0, true);
        for (at++; at < _tokens.Count && columns.Count < MaxColumns; at++)
        {
            var token = At(at);
            depth += token.Symbol switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && (token.Symbol == ';' || token.IsAny("WHERE", "FROM", "RETURNING", "OUTPUT")))
            {
                break;
            }

            if (isTarget && token.Word is { } column && At(at + 1).Symbol != '.')
            {
                columns.Add(column);
            }

            isTarget = (isTarget && token.Symbol != '=') || (depth == 0 && token.Symbol == ',');
        }

        return columns.ToImmutable();
    }

    private (string? Schema, string Table)? Aliased(string alias)
    {
        for (var (at, back) = (_at, _at); at < _tokens.Count && At(at).Symbol != ';'; at++)
        {
            if (!At(at).IsAny("FROM", "JOIN"))
            {
                continue;
            }

            _at = at + 1;
            var name = Name();
            var named = At(At(_at).Is("AS") ? _at + 1 : _at).Word;
            _at = back;
            if (name is not null && string.Equals(named, alias, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }
}
