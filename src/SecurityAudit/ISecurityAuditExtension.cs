namespace SecurityAudit;

/// <summary>A package that configuration alone can switch on; it is constructed and called once, while services are being added.</summary>
public interface ISecurityAuditExtension
{
    /// <summary>Adds the package's services.</summary>
    void Configure(SecurityAuditBuilder builder);
}
