using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>
/// The types of a package as they were compiled, with the folders of their files, from the assembly and its symbols. A nested type, a lambda, an iterator counts for
/// the type that it stands in; a type without a file of its own (a source generator's) for those that use it. What the compiler resolves to a value and forgets
/// (a constant, <c>nameof</c>) is not seen here.
/// </summary>
internal static class CompiledPackage
{
    /// <param name="package">The package's folder in <c>src</c>.</param>
    /// <param name="path">Its assembly, beside which its symbols stand.</param>
    public static IReadOnlyList<TypeUse> Uses(string package, string path)
    {
        using var assembly = new PEReader(File.OpenRead(path));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(path, ".pdb")));
        var metadata = assembly.GetMetadataReader();
        var files = new SourceFiles(metadata, symbols.GetMetadataReader(), package);
        var types = metadata.TypeDefinitions.Where(type => !metadata.GetTypeDefinition(type).IsNested).ToDictionary(type => type, files.Find);
        var reader = new TypeReader(assembly, metadata, metadata.TypeDefinitions.ToLookup(type => FullName(metadata, type)).ToDictionary(
            name => name.Key, name => name.First(), StringComparer.Ordinal));
        var named = metadata.TypeDefinitions.ToLookup(type => Owner(metadata, type)).ToDictionary(
            owner => owner.Key,
            owner => owner.SelectMany(type => reader.NamedBy(metadata.GetTypeDefinition(type)).Select(other => Owner(metadata, other))).ToHashSet());
        return
        [
            .. from type in types
               where type.Value is not null
               from other in WithFile(type.Key, named, types)
               where other != type.Value
               select new TypeUse(type.Value, other),
        ];
    }

    private static HashSet<SourceType> WithFile(
        TypeDefinitionHandle type, Dictionary<TypeDefinitionHandle, HashSet<TypeDefinitionHandle>> named, Dictionary<TypeDefinitionHandle, SourceType?> types)
    {
        var found = new HashSet<SourceType>();
        var seen = new HashSet<TypeDefinitionHandle> { type };
        var open = new Stack<TypeDefinitionHandle>(named[type]);
        while (open.TryPop(out var other))
        {
            if (types[other] is { } known)
            {
                found.Add(known);
            }
            else if (seen.Add(other))
            {
                named[other].ToList().ForEach(open.Push);
            }
        }

        return found;
    }

    private static TypeDefinitionHandle Owner(MetadataReader metadata, TypeDefinitionHandle type)
    {
        while (metadata.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer)
        {
            type = outer;
        }

        return type;
    }

    private static string FullName(MetadataReader metadata, TypeDefinitionHandle type)
    {
        var definition = metadata.GetTypeDefinition(type);
        var name = metadata.GetString(definition.Name);
        return definition.GetDeclaringType() is { IsNil: false } outer ? FullName(metadata, outer) + "+" + name : metadata.GetString(definition.Namespace) + "." + name;
    }
}
