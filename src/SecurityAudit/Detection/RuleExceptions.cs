using System.Collections.Immutable;

namespace SecurityAudit.Detection;

/// <summary>Whose events a rule leaves alone: any of these.</summary>
public sealed record RuleExceptions
{
    /// <summary>Addresses or networks: <c>192.0.2.7</c>, <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>.</summary>
    public ImmutableArray<string> Sources { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Accounts, each by its name or its id, case ignored.</summary>
    public ImmutableArray<string> Users { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Programs: texts with which <c>user_agent.original</c> begins. Whoever attacks can say the same: take addresses where you can.</summary>
    public ImmutableArray<string> Agents { get; init => field = value.IsDefault ? [] : value; } = [];
}
