using System.Collections.Immutable;

namespace SecurityAudit.Detection.Engine;

/// <summary>The lists that a pattern names with an at sign, from the options.</summary>
/// <param name="Administrators"><c>@administrators</c>: the roles that an administrator has.</param>
/// <param name="Honeytokens"><c>@honeytokens</c>: names and addresses that nobody has a reason to use.</param>
/// <param name="HoneytokenHashes"><c>@honeytoken_hashes</c>: the keyed hashes of them, as <c>user.hash</c> has them.</param>
internal sealed record NamedLists(ImmutableArray<string> Administrators, ImmutableArray<string> Honeytokens, ImmutableArray<string> HoneytokenHashes)
{
    public const string AdministratorsName = "@administrators";
    public const string HoneytokensName = "@honeytokens";
    public const string HoneytokenHashesName = "@honeytoken_hashes";

    public static ImmutableArray<string> Names { get; } = [AdministratorsName, HoneytokensName, HoneytokenHashesName];

    /// <summary>The values, with those of the lists in the place of the lists' names.</summary>
    public ImmutableArray<string> Resolve(ImmutableArray<string> values) => [.. values.SelectMany(value => Named(value))];

    private ImmutableArray<string> Named(string value) => value switch
    {
        AdministratorsName => Administrators,
        HoneytokensName => Honeytokens,
        HoneytokenHashesName => HoneytokenHashes,
        _ => [value],
    };
}
