using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace SecurityAudit.Detection;

/// <summary>
/// Which events: any of the alternatives, of which each names fields and what they may hold. In JSON an object, or an array of objects, of
/// fields and values, <c>event.action</c> with <c>["authn_login_fail", "authn_mfa_fail"]</c> say.
/// </summary>
/// <remarks>
/// A value is compared with the whole of the field, or with each value of a list. A star at the end stands for any rest, so a star alone
/// for any value. <c>@administrators</c>, <c>@honeytokens</c> and <c>@honeytoken_hashes</c> stand for the lists of the options.
/// </remarks>
/// <param name="Alternatives">Fields by name with the values that each may hold, any of them.</param>
[JsonConverter(typeof(EventPatternConverter))]
public sealed record EventPattern(ImmutableArray<ImmutableSortedDictionary<string, ImmutableArray<string>>> Alternatives)
{
    /// <summary>Events of these actions.</summary>
    public static EventPattern OfActions(params ImmutableArray<string> actions) =>
        new([ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal).Add(Journal.JournalFields.Action.Name, actions)]);

    /// <summary>The same events, if this field holds one of these values, too.</summary>
    public EventPattern And(string field, params ImmutableArray<string> values) => new([.. Alternatives.Select(fields => fields.SetItem(field, values))]);

    /// <summary>These events, or those.</summary>
    public EventPattern Or(EventPattern other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new([.. Alternatives, .. other.Alternatives]);
    }
}
