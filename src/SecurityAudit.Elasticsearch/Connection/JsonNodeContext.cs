using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>Serialises JSON that was built by hand, without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
internal sealed partial class JsonNodeContext : JsonSerializerContext;
