namespace SecurityAudit.Journal;

/// <summary>The type of a field, as the Elastic Common Schema and the engines name it.</summary>
internal enum FieldType
{
    /// <summary>Text that is compared as a whole.</summary>
    Keyword,

    /// <summary>Text for people, searched by its words: <c>match_only_text</c>.</summary>
    Text,

    /// <summary>Text that is compared by patterns.</summary>
    Wildcard,

    Long,

    Float,

    Boolean,

    /// <summary>A moment: ISO 8601 with its offset.</summary>
    Date,

    /// <summary>An IPv4 or IPv6 address.</summary>
    Ip,

    /// <summary>An object of texts whose names nobody knows beforehand.</summary>
    Flattened,

    /// <summary>Latitude and longitude.</summary>
    GeoPoint,
}
