using System.Text.Json.Serialization;

namespace SecurityAudit.Shipping;

[JsonConverter(typeof(JsonStringEnumConverter<Doubt>))]
internal enum Doubt
{
    /// <summary>It was tried in one place and answered for in another, as around a roll-over.</summary>
    StoredTwice,

    /// <summary>An id that does not tell lines apart was taken, and nobody can say by what.</summary>
    AnothersLine,
}
