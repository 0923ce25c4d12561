using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>The folder that a type stands in, from a package's symbols; of a type in several files, the outermost one.</summary>
internal sealed class SourceFiles(MetadataReader metadata, MetadataReader symbols, string package)
{
    /// <summary>Under which the compiler notes the files of a type that has no instructions, such as an interface.</summary>
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <returns><see langword="null"/> for a type that stands in no file of the package.</returns>
    public SourceType? Find(TypeDefinitionHandle type) => Files(type)
        .Select(Folder).OfType<string>().OrderBy(folder => folder.Count(letter => letter == '/')).ThenBy(folder => folder.Length)
        .Select(folder => new SourceType(folder, metadata.GetString(metadata.GetTypeDefinition(type).Name).Split('`')[0])).FirstOrDefault();

    private IEnumerable<string> Files(TypeDefinitionHandle type)
    {
        var definition = metadata.GetTypeDefinition(type);
        return definition.GetMethods().SelectMany(method => Files(symbols.GetMethodDebugInformation(method)))
            .Concat(symbols.GetCustomDebugInformation(type).Select(symbols.GetCustomDebugInformation)
                .Where(noted => symbols.GetGuid(noted.Kind) == TypeDocuments).SelectMany(noted => Files(symbols.GetBlobReader(noted.Value))))
            .Concat(definition.GetNestedTypes().SelectMany(Files));
    }

    private IEnumerable<string> Files(MethodDebugInformation method) => method.SequencePointsBlob.IsNil
        ? []
        : method.GetSequencePoints().Where(point => !point.Document.IsNil).Select(point => point.Document).Distinct().Select(Name);

    private List<string> Files(BlobReader noted)
    {
        var files = new List<string>();
        while (noted.RemainingBytes > 0)
        {
            files.Add(Name(MetadataTokens.DocumentHandle(noted.ReadCompressedInteger())));
        }

        return files;
    }

    private string Name(DocumentHandle document) => symbols.GetString(symbols.GetDocument(document).Name).Replace('\\', '/');

    private string? Folder(string file)
    {
        var root = $"/src/{package}/";
        var at = file.LastIndexOf(root, StringComparison.Ordinal);
        var folder = at < 0 ? null : file[(at + root.Length)..Math.Max(at + root.Length, file.LastIndexOf('/'))];
        return folder?.StartsWith("obj/", StringComparison.Ordinal) == true ? null : folder;
    }
}
