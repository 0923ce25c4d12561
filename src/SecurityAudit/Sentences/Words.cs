using System.Collections.Immutable;
using System.Globalization;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Sentences;

/// <summary>The parts of a sentence about an event that is redacted already: who, whom, to what, why.</summary>
internal static class Words
{
    /// <summary>Who acted, as a sentence begins, and as whom.</summary>
    public static string Who(SecurityEvent e) => e.Effective is null ? Actor(e) : $"{Actor(e)}, as {AsWhom(e)},";

    /// <summary>The account that was used by somebody else.</summary>
    public static string AsWhom(SecurityEvent e) => e.Effective switch
    {
        { Exists: true, Name: { Length: > 0 } name } => Value(name),
        { Id: { Length: > 0 } id } => $"user {Value(id)}",
        _ => "somebody else",
    };

    /// <summary>Who acted, as a sentence begins.</summary>
    public static string Actor(SecurityEvent e) => e.User switch
    {
        { Exists: false } => "Somebody unknown",
        { Name: { Length: > 0 } name } => Value(name),
        { Id: { Length: > 0 } id } => $"User {Value(id)}",
        _ => IsRequest(e) ? "Somebody not signed in" : "The application",
    };

    /// <summary>The owner of something, in the midst of a sentence.</summary>
    public static string Of(SecurityEvent e) => e.User switch
    {
        { Exists: true, Name: { Length: > 0 } name } => Value(name),
        { Exists: true, Id: { Length: > 0 } id } => $"user {Value(id)}",
        _ => "somebody unknown",
    };

    /// <summary>The account that was acted upon, by its name alone.</summary>
    public static string Whom(SecurityEvent e) => e.Target switch
    {
        { Exists: true, Name: { Length: > 0 } name } => Value(name),
        { Id: { Length: > 0 } id } => $"user {Value(id)}",
        _ => "somebody",
    };

    /// <summary>The same as a thing: <c>the account ada</c>; <c>an account</c> where it has no name.</summary>
    public static string Account(SecurityEvent e) => e.Target switch
    {
        { Exists: true, Name: { Length: > 0 } name } => $"the account {Value(name)}",
        { Id: { Length: > 0 } id } => $"the account with the id {Value(id)}",
        _ => "an account",
    };

    public static bool IsOwn(SecurityEvent e) =>
        e is { User: { } user, Target: { } target }
        && (user.Id is { } id ? string.Equals(id, target.Id, StringComparison.Ordinal) : user.Name is { } name && string.Equals(name, target.Name, StringComparison.Ordinal));

    /// <summary>What was done, tried in vain, or perhaps done, and why.</summary>
    public static string Did(SecurityEvent e, string past, string infinitive) => Did(e, Who(e), past, infinitive);

    public static string Did(SecurityEvent e, string who, string past, string infinitive) => e.Outcome switch
    {
        EventOutcome.Success => $"{who} {past}{Because(e)}.",
        EventOutcome.Failure => $"{who} could not {infinitive}{Because(e)}.",
        _ => $"It is not certain that {Inside(who)} {past}{Because(e)}.",
    };

    /// <summary>The sentence of an event that the application made by itself.</summary>
    public static string Own(SecurityEvent e) => e.Outcome switch
    {
        EventOutcome.Success => $"{Who(e)} did {Value(e.Action)}{Details(e)}{Because(e)}.",
        EventOutcome.Failure => $"{Who(e)} tried {Value(e.Action)}{Details(e)} in vain{Because(e)}.",
        _ => $"{Who(e)} tried {Value(e.Action)}{Details(e)}{Because(e)}.",
    };

    /// <summary>Within a sentence, where only a name keeps its capital.</summary>
    private static string Inside(string who) =>
        who is "Somebody unknown" or "Somebody not signed in" or "The application" || who.StartsWith("User ", StringComparison.Ordinal)
            ? char.ToLowerInvariant(who[0]) + who[1..]
            : who;

    public static string Because(SecurityEvent e) => string.IsNullOrEmpty(e.Reason) ? "" : $": {e.Reason}";

    public static string Request(SecurityEvent e) => e[EventFields.Method] is string method ? $"{method} {Value(e[EventFields.Path] as string ?? "/")}" : "access";

    /// <summary>What was called or visited: a page of a circuit, a hub's or service's method, or the request.</summary>
    public static string Called(SecurityEvent e) =>
        e[EventFields.Page] is string page ? $"the page {Value(page)}"
        : e[EventFields.RpcService] is not string service ? Request(e)
        : e[EventFields.RpcMethod] is string method ? Value($"{service}.{method}")
        : Value(service);

    public static bool IsRequest(SecurityEvent e) => e[EventFields.Method] is not null || e[EventFields.SourceIp] is not null;

    public static string Attribute(SecurityEvent e, string name)
    {
        foreach (var (key, value) in e.Attributes)
        {
            if (string.Equals(key, name, StringComparison.Ordinal) && !string.IsNullOrEmpty(value))
            {
                return Value(value);
            }
        }

        return "something";
    }

    /// <summary>The first few attributes, in brackets: <c> (order=3)</c>.</summary>
    public static string Details(SecurityEvent e) =>
        e.Attributes.IsEmpty ? "" : $" ({string.Join(", ", e.Attributes.Take(4).Select(attribute => $"{Value(attribute.Key)}={Value(attribute.Value ?? "")}"))})";

    public static string Field(SecurityEvent e, Field field) =>
        e[field] is { } value && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? Value(text) : "something";

    public static ImmutableArray<string> Fields(SecurityEvent e, Field<ImmutableArray<string>> field) => e[field] is ImmutableArray<string> { IsDefault: false } texts ? texts : [];

    /// <summary>The first of many names, and how many more there are.</summary>
    public static string Some(IEnumerable<string> names, int most)
    {
        string[] all = [.. names];
        return string.Join(", ", all.Take(most)) + (all.Length > most ? string.Create(CultureInfo.InvariantCulture, $" and {all.Length - most} more") : "");
    }

    public static string List(IEnumerable<string> texts, string last = "and")
    {
        string[] values = [.. texts.Select(Value)];
        return values switch
        {
            [] => "nothing",
            [var single] => single,
            [.. var first, var end] => $"{string.Join(", ", first)} {last} {end}",
        };
    }

    /// <summary>A value as it stands, or in quotation marks where it could be taken for a part of the sentence.</summary>
    public static string Value(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character) && !char.IsSurrogate(character) && !"@._-+/\\:=#$%&~[]{}…*".Contains(character, StringComparison.Ordinal))
            {
                return $"“{text.Replace('“', '"').Replace('”', '"')}”";
            }
        }

        return text.Length == 0 ? "“”" : text;
    }
}
