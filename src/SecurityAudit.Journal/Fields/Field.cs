using System.Collections.Immutable;
using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>One field of an event: its name, its type, what it says and when it is there.</summary>
internal abstract class Field
{
    private protected Field(int ordinal, string name, FieldType type) =>
        (Ordinal, Name, Encoded, Type) = (ordinal, name, JsonEncodedText.Encode(name), type);

    /// <summary>
    /// Its place in the list of all fields: from 0 on without a hole, the same throughout one build, of no meaning to another.
    /// </summary>
    public int Ordinal { get; }

    /// <summary>The dotted name; this very string is the name in Serilog and in JSON.</summary>
    public string Name { get; }

    /// <summary>The name as JSON has it, in UTF-8.</summary>
    public JsonEncodedText Encoded { get; }

    public FieldType Type { get; }

    /// <summary>A field of the Elastic Common Schema 8.17; otherwise one of our own.</summary>
    public bool IsEcs { get; init; }

    public FieldWriter Writer { get; init; }

    /// <summary>Can it be searched for? What is large and of use to a verifier alone is only stored.</summary>
    public bool IsIndexed { get; init; } = true;

    /// <summary>What it says, in one sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>When it is there, in a few words.</summary>
    public required string Presence { get; init; }

    /// <summary>Does it hold a list, in JSON an array of texts?</summary>
    public abstract bool IsList { get; }

    public override string ToString() => Name;
}

/// <summary>A field with the type of its value in code.</summary>
internal sealed class Field<T>(int ordinal, string name, FieldType type) : Field(ordinal, name, type)
{
    public override bool IsList => typeof(T) == typeof(ImmutableArray<string>);
}
