using System.Text.Json.Serialization;

namespace SecurityAudit.Journal;

/// <summary>How far somebody is with a log: what is remembered between two processes (<see cref="ProgressFile{T}"/>).</summary>
internal abstract record LogProgress
{
    /// <summary>The line up to which all is settled; null: none yet.</summary>
    public JournalBookmark? Bookmark { get; init; }

    /// <summary>The first sequence number that is not settled.</summary>
    [JsonIgnore]
    public long Next => (Bookmark?.Sequence ?? -1) + 1;
}
