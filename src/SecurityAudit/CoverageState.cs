namespace SecurityAudit;

/// <summary>How much of a part of the application is recorded.</summary>
public enum CoverageState
{
    /// <summary>What happens there is recorded.</summary>
    Covered,

    /// <summary>Some of it is; <see cref="CoverageItem.Remedy"/> says what is not, and what closes the gap.</summary>
    Partial,

    /// <summary>None of it is; <see cref="CoverageItem.Remedy"/> says what closes the gap.</summary>
    Missing,

    /// <summary>
    /// Some or all of it is not, and the owner accepts that (<see cref="SecurityAuditOptions.AcceptedGaps"/>);
    /// <see cref="CoverageItem.Reason"/> says why.
    /// </summary>
    Accepted,
}
