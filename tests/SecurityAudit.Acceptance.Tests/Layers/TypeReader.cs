using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SecurityAudit.Acceptance.Tests.Layers;

/// <summary>Which types of its own assembly a type names: base, interfaces, constraints, attributes, signatures, locals, what is caught, instructions.</summary>
internal sealed class TypeReader(PEReader assembly, MetadataReader metadata, IReadOnlyDictionary<string, TypeDefinitionHandle> byName)
{
    private readonly HashSet<TypeDefinitionHandle> named = [];

    private NamedTypes Signature => new(named) { ByName = byName };

    public IReadOnlySet<TypeDefinitionHandle> NamedBy(TypeDefinition type)
    {
        named.Clear();
        Name(type.BaseType);
        Each(type.GetInterfaceImplementations(), each => Name(metadata.GetInterfaceImplementation(each).Interface));
        Constraints(type.GetGenericParameters());
        Attributes(type.GetCustomAttributes());
        foreach (var field in type.GetFields().Select(metadata.GetFieldDefinition))
        {
            field.DecodeSignature(Signature, null);
            Attributes(field.GetCustomAttributes());
        }

        Each(type.GetProperties(), each => Attributes(metadata.GetPropertyDefinition(each).GetCustomAttributes()));
        Each(type.GetEvents(), each => Attributes(metadata.GetEventDefinition(each).GetCustomAttributes()));
        Each(type.GetMethods(), each => Read(metadata.GetMethodDefinition(each)));
        return named;
    }

    private void Read(MethodDefinition method)
    {
        method.DecodeSignature(Signature, null);
        Constraints(method.GetGenericParameters());
        Attributes(method.GetCustomAttributes());
        Each(method.GetParameters(), each => Attributes(metadata.GetParameter(each).GetCustomAttributes()));
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = assembly.GetMethodBody(method.RelativeVirtualAddress);
        Name(body.LocalSignature);
        Each(body.ExceptionRegions, region => Name(region.CatchType));
        Each(Instructions.Names(body.GetILBytes()!), Name);
    }

    private void Constraints(GenericParameterHandleCollection parameters) => Each(
        parameters.SelectMany(each => metadata.GetGenericParameter(each).GetConstraints()),
        each => Name(metadata.GetGenericParameterConstraint(each).Type));

    private void Attributes(CustomAttributeHandleCollection attributes) => Each(attributes, each =>
    {
        var attribute = metadata.GetCustomAttribute(each);
        Name(attribute.Constructor);
        attribute.DecodeValue(Signature);
    });

    private void Name(EntityHandle handle)
    {
        switch (handle.IsNil ? (HandleKind?)null : handle.Kind)
        {
            case HandleKind.TypeDefinition:
                named.Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(Signature, null);
                break;
            case HandleKind.FieldDefinition:
                Name(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Name(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodSpecification:
                var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Name(specification.Method);
                specification.DecodeSignature(Signature, null);
                break;
            case HandleKind.MemberReference:
                Read(metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.StandaloneSignature:
                Read(metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
            case null or HandleKind.TypeReference:
                break;
            default:
                throw new NotSupportedException($"A {handle.Kind} ({MetadataTokens.GetToken(handle):x8}) is named, which this reader does not know.");
        }
    }

    private void Read(MemberReference member)
    {
        Name(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            member.DecodeMethodSignature(Signature, null);
        }
        else
        {
            member.DecodeFieldSignature(Signature, null);
        }
    }

    private void Read(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
        {
            signature.DecodeLocalSignature(Signature, null);
        }
        else
        {
            signature.DecodeMethodSignature(Signature, null);
        }
    }

    private static void Each<T>(IEnumerable<T> items, Action<T> read)
    {
        foreach (var item in items)
        {
            read(item);
        }
    }
}
