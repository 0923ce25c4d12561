namespace SecurityAudit;

/// <summary>One part of the application, and whether what happens there is recorded.</summary>
/// <param name="Kind">
/// <c>hook</c>, <c>scheme</c>, <c>hub</c>, <c>circuit</c>, <c>rpc</c>, <c>form</c>, <c>db_context</c>, <c>background_service</c>,
/// <c>address</c>, <c>service</c>.
/// </param>
/// <param name="Name">The part's name: of a scheme its name, of a hub its route and type.</param>
/// <param name="State">Whether it is recorded.</param>
/// <param name="Remedy">What is not recorded and the call that closes the gap; null where there is none.</param>
public sealed record CoverageItem(string Kind, string Name, CoverageState State, string? Remedy)
{
    /// <summary>Why the owner accepts the gap; null where none is accepted.</summary>
    public string? Reason { get; init; }

    /// <summary>As <c>audit_coverage</c> has it: <c>scheme:Cookies</c>.</summary>
    public override string ToString() => $"{Kind}:{Name}";
}
