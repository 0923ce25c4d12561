using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SecurityAudit.Elasticsearch.Tests.Panels;

/// <summary>
/// The part of Kibana's query language that the panels use, read once and said three ways: as the request that Kibana makes of it, as what
/// it means for a line of the journal, and in the words of jq.
/// </summary>
internal abstract partial record Kuery
{
    public static Kuery Parse(string text)
    {
        if (text.Length == 0)
        {
            return new All();
        }

        var tokens = new Queue<string>(Token().Matches(text).Select(match => match.Value));
        var parsed = Or(tokens);
        return tokens.Count == 0 ? parsed : throw new FormatException($"'{text}' goes on with '{tokens.Peek()}' where it should end.");
    }

    public abstract JsonObject Query { get; }

    public abstract bool Matches(JsonObject line);

    public abstract string Jq { get; }

    private static Kuery Or(Queue<string> tokens)
    {
        var left = And(tokens);
        while (Take(tokens, "or"))
        {
            left = new Either(left, And(tokens));
        }

        return left;
    }

    private static Kuery And(Queue<string> tokens)
    {
        var left = Not(tokens);
        while (Take(tokens, "and"))
        {
            left = new Both(left, Not(tokens));
        }

        return left;
    }

    private static Kuery Not(Queue<string> tokens) => Take(tokens, "not") ? new Negation(Not(tokens)) : Term(tokens);

    private static Kuery Term(Queue<string> tokens)
    {
        if (Take(tokens, "("))
        {
            var inner = Or(tokens);
            Expect(tokens, ")");
            return inner;
        }

        var field = tokens.Dequeue();
        Expect(tokens, ":");
        if (!Take(tokens, "("))
        {
            return ValueOf(field, tokens.Dequeue());
        }

        var values = ValueOf(field, tokens.Dequeue());
        while (Take(tokens, "or"))
        {
            values = new Either(values, ValueOf(field, tokens.Dequeue()));
        }

        Expect(tokens, ")");
        return values;
    }

    private static Kuery ValueOf(string field, string value) => value == "*" ? new Exists(field) : new Is(field, value.Trim('"'));

    private static bool Take(Queue<string> tokens, string token) => tokens.TryPeek(out var next) && next == token && tokens.TryDequeue(out _);

    private static void Expect(Queue<string> tokens, string token)
    {
        if (!Take(tokens, token))
        {
            throw new FormatException($"'{string.Join(' ', tokens)}' stands where '{token}' should.");
        }
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    [GeneratedRegex("\"[^\"]*\"|[():]|[^\\s():]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    private sealed record All : Kuery
    {
        public override JsonObject Query => new() { ["match_all"] = new JsonObject() };

        public override string Jq => "true";

        public override bool Matches(JsonObject line) => true;
    }

    private sealed record Is(string Field, string Text) : Kuery
    {
        public override JsonObject Query => new() { ["match_phrase"] = new JsonObject { [Field] = Text } };

        public override string Jq => string.Create(CultureInfo.InvariantCulture, $"(.[{Quoted(Field)}] | if type == \"array\" then .[] else . end | tostring) == {Quoted(Text)}");

        public override bool Matches(JsonObject line) => JournalLines.Values(line, Field).Contains(Text, StringComparer.Ordinal);
    }

    private sealed record Exists(string Field) : Kuery
    {
        public override JsonObject Query => new() { ["exists"] = new JsonObject { ["field"] = Field } };

        public override string Jq => $"(.[{Quoted(Field)}] | . != null and . != [])";

        public override bool Matches(JsonObject line) => JournalLines.Values(line, Field).Count > 0;
    }

    private sealed record Negation(Kuery Inner) : Kuery
    {
        public override JsonObject Query => new() { ["bool"] = new JsonObject { ["must_not"] = new JsonArray(Inner.Query) } };

        public override string Jq => $"(any({Inner.Jq}; .) | not)";

        public override bool Matches(JsonObject line) => !Inner.Matches(line);
    }

    private sealed record Both(Kuery Left, Kuery Right) : Kuery
    {
        public override JsonObject Query => new() { ["bool"] = new JsonObject { ["filter"] = new JsonArray(Left.Query, Right.Query) } };

        public override string Jq => $"(any({Left.Jq}; .) and any({Right.Jq}; .))";

        public override bool Matches(JsonObject line) => Left.Matches(line) && Right.Matches(line);
    }

    private sealed record Either(Kuery Left, Kuery Right) : Kuery
    {
        public override JsonObject Query => new()
        {
            ["bool"] = new JsonObject { ["should"] = new JsonArray(Left.Query, Right.Query), ["minimum_should_match"] = 1 },
        };

        public override string Jq => $"(any({Left.Jq}; .) or any({Right.Jq}; .))";

        public override bool Matches(JsonObject line) => Left.Matches(line) || Right.Matches(line);
    }
}
