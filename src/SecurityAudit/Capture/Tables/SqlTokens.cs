namespace SecurityAudit.Capture.Tables;

/// <summary>Cuts SQL into tokens, in one pass from left to right, whatever the text is.</summary>
internal ref struct SqlTokens
{
    /// <summary>Of a longer text no more is read.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>No database has longer names.</summary>
    private const int MaxWord = 256;

    private const int MaxTokens = 1 << 16;
    private const char Value = '\'';

    private readonly ReadOnlySpan<char> _sql;
    private readonly SqlDialect _dialect;
    private readonly List<SqlToken> _tokens = [];
    private int _at;

    private SqlTokens(ReadOnlySpan<char> sql, SqlDialect dialect)
    {
        _sql = sql[..Math.Min(sql.Length, MaxLength)];
        _dialect = dialect;
    }

    public static List<SqlToken> Of(ReadOnlySpan<char> sql, SqlDialect dialect)
    {
        var tokens = new SqlTokens(sql, dialect);
        while (tokens._at < tokens._sql.Length && tokens._tokens.Count < MaxTokens)
        {
            tokens.Next();
        }

        return tokens._tokens;
    }

    private readonly char Ahead => _at + 1 < _sql.Length ? _sql[_at + 1] : '\0';

    private void Next()
    {
        var first = _sql[_at];
        switch (first)
        {
            case '-' when Ahead == '-':
                Skip(_sql[_at..].IndexOfAny('\n', '\r'), 1);
                break;
            case '/' when Ahead == '*':
                // One level, though some databases nest them: what then stands outside is rather read once too often. MySQL runs /*! … */.
                var isRun = _at + 2 < _sql.Length && _sql[_at + 2] == '!';
                Skip(isRun ? 0 : _sql[_at..].IndexOf("*/"), isRun ? 3 : 2);
                break;
            case '\'':
                String(_dialect.HasBackslashes);
                break;
            case '"' or '`':
                Name(first);
                break;
            case '[':
                Name(']');
                break;
            case '$' when _dialect.HasDollarQuotes && DollarQuote() is > 0 and var tag:
                var end = _sql[(_at + tag)..].IndexOf(_sql.Slice(_at, tag));
                Skip(end < 0 ? -1 : tag + end, tag);
                _tokens.Add(new SqlToken(Value, null));
                break;
            case '@' or ':' or '$' when IsWord(Ahead):
                _at++;
                Word();
                _tokens.Add(new SqlToken(Value, null));
                break;
            case >= '0' and <= '9':
                Word();
                _tokens.Add(new SqlToken(Value, null));
                break;
            case var letter when IsWord(letter):
                Read();
                break;
            default:
                if (!char.IsWhiteSpace(first))
                {
                    _tokens.Add(new SqlToken(first, null));
                }

                _at++;
                break;
        }
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '#' || char.IsSurrogate(letter);

    private void Skip(int found, int length) => _at = found < 0 ? _sql.Length : Math.Min(_sql.Length, _at + found + length);

    private ReadOnlySpan<char> Word()
    {
        var begin = _at;
        while (_at < _sql.Length && (IsWord(_sql[_at]) || _sql[_at] == '$'))
        {
            _at++;
        }

        return _sql[begin.._at];
    }

    private void Read()
    {
        var word = Word();
        if (word is "E" or "e" && _at < _sql.Length && _sql[_at] == '\'')
        {
            String(hasBackslashes: true);
        }
        else
        {
            _tokens.Add(new SqlToken('\0', word.Length > MaxWord ? string.Empty : word.ToString()));
        }
    }

    private void String(bool hasBackslashes)
    {
        for (_at++; _at < _sql.Length; _at++)
        {
            if (hasBackslashes && _sql[_at] == '\\')
            {
                _at++;
            }
            else if (_sql[_at] == '\'' && Ahead == '\'')
            {
                _at++;
            }
            else if (_sql[_at] == '\'')
            {
                break;
            }
        }

        _at = Math.Min(_at + 1, _sql.Length);
        _tokens.Add(new SqlToken(Value, null));
    }

    private void Name(char end)
    {
        var begin = _at + 1;
        var isDoubled = false;
        for (_at++; _at < _sql.Length; _at++)
        {
            if (_sql[_at] == end && Ahead == end)
            {
                isDoubled = true;
                _at++;
            }
            else if (_sql[_at] == end)
            {
                break;
            }
        }

        var name = _sql[begin..Math.Min(_at, _sql.Length)];
        _at = Math.Min(_at + 1, _sql.Length);
        var text = name.Length > MaxWord ? string.Empty : name.ToString();
        _tokens.Add(new SqlToken('\0', isDoubled ? text.Replace(new string(end, 2), end.ToString(), StringComparison.Ordinal) : text, IsQuoted: true));
    }

    /// <summary>The length of <c>$tag$</c>; 0 if there is none here.</summary>
    private readonly int DollarQuote()
    {
        var at = _at + 1;
        while (at < _sql.Length && (char.IsLetterOrDigit(_sql[at]) || _sql[at] == '_'))
        {
            at++;
        }

        return at < _sql.Length && _sql[at] == '$' ? at + 1 - _at : 0;
    }
}
