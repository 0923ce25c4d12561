namespace SecurityAudit.Redaction;

/// <summary>The value of a field that is made of a program's constants alone, so that no secret need be looked for in it.</summary>
internal sealed record ConstantText(string Value)
{
    public override string ToString() => Value;
}
