namespace SecurityAudit;

/// <summary>What is done with sensitive data, in the words of the OWASP Logging Vocabulary.</summary>
public enum SensitiveAccess
{
    /// <summary>It is read: <c>sensitive_read</c>.</summary>
    Read,

    /// <summary>It is created: <c>sensitive_create</c>.</summary>
    Create,

    /// <summary>It is changed: <c>sensitive_update</c>.</summary>
    Update,

    /// <summary>It is deleted: <c>sensitive_delete</c>.</summary>
    Delete,
}
