using Microsoft.EntityFrameworkCore.Metadata;

namespace SecurityAudit.Capture.Tables;

/// <summary>A class that the application named with <see cref="SecurityAuditBuilder.Track{T}"/>.</summary>
internal sealed record TrackedEntity(Type Type);

/// <summary>The classes whose rows say who may do what, as the application named them.</summary>
internal sealed class TrackedTables(IEnumerable<TrackedEntity> tracked)
{
    private readonly Type[] _types = [.. tracked.Select(one => one.Type).Distinct()];

    public IReadOnlyList<Type> Types => _types;

    /// <summary>It is one of them, is derived from one, or is a part of one that has no life of its own.</summary>
    public bool Contains(IReadOnlyEntityType entity)
    {
        if (_types.Length == 0)
        {
            return false;
        }

        var root = entity;
        while (root.FindOwnership()?.PrincipalEntityType is { } owner)
        {
            root = owner;
        }

        return Array.Exists(_types, type => type.IsAssignableFrom(root.ClrType));
    }
}
