namespace SecurityAudit.Inventory;

/// <summary>Finds the application's parts of one kind.</summary>
internal interface IPartSource
{
    /// <summary>The kind, as <c>audit_coverage</c> has it.</summary>
    string Kind { get; }

    /// <summary>All of them; none where the application has none. What is thrown is logged, and the kind counts as missing.</summary>
    ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope);
}
