namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>A type of a package and the folder that it stands in, <c>""</c> for the package's root.</summary>
internal sealed record SourceType(string Folder, string Name);

/// <summary>One type of a package names another one of it.</summary>
internal sealed record TypeUse(SourceType From, SourceType To);
