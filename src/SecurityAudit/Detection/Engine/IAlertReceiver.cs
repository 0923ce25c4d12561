namespace SecurityAudit.Detection.Engine;

/// <summary>Takes what rules find, on the detection's own thread.</summary>
internal interface IAlertReceiver
{
    /// <summary>An attack is news.</summary>
    void Raised(Attack attack, Finding finding);

    /// <summary>The journal says that this attack was told.</summary>
    void WasTold(Attack attack);

    /// <summary>What a told attack did since it was last told of.</summary>
    void Summed(Attack attack, Finding since);

    /// <summary>A told attack is over; what it did since it was last told of is in <see cref="Attack.Since"/>.</summary>
    void Resolved(Attack attack);
}
