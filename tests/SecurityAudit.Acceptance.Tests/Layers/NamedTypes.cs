using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>Which types of its own assembly a signature names: each is added to <paramref name="named"/>, wherever it stands in the signature.</summary>
internal sealed class NamedTypes(ICollection<TypeDefinitionHandle> named) : ISignatureTypeProvider<string, object?>, ICustomAttributeTypeProvider<string>
{
    /// <summary>The types that an attribute's <c>typeof</c> names are written as text.</summary>
    public required IReadOnlyDictionary<string, TypeDefinitionHandle> ByName { get; init; }

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        named.Add(handle);
        return "";
    }

    public string GetTypeFromSerializedName(string name)
    {
        if (ByName.TryGetValue(name.Split(',')[0], out var handle))
        {
            named.Add(handle);
        }

        return name;
    }

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var reference = reader.GetTypeReference(handle);
        return reader.GetString(reference.Namespace) + "." + reader.GetString(reference.Name);
    }

    public bool IsSystemType(string type) => type == "System.Type";

    public string GetSystemType() => "System.Type";

    /// <summary>An enumeration that is not found is of the usual width; were it not, the attribute could not be read, and the test says so.</summary>
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) =>
        Type.GetType(type)?.GetEnumUnderlyingType() == typeof(byte) ? PrimitiveTypeCode.Byte : PrimitiveTypeCode.Int32;

    public string GetArrayType(string elementType, ArrayShape shape) => "";

    public string GetByReferenceType(string elementType) => "";

    public string GetFunctionPointerType(MethodSignature<string> signature) => "";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => "";

    public string GetGenericMethodParameter(object? genericContext, int index) => "";

    public string GetGenericTypeParameter(object? genericContext, int index) => "";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => "";

    public string GetPinnedType(string elementType) => "";

    public string GetPointerType(string elementType) => "";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

    public string GetSZArrayType(string elementType) => "";
}
