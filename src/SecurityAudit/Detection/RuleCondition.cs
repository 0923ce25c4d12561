using System.Text.Json.Serialization;

namespace SecurityAudit.Detection;

/// <summary>One thing that a rule takes for an attack.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ThresholdCondition), "threshold")]
[JsonDerivedType(typeof(SequenceCondition), "sequence")]
[JsonDerivedType(typeof(NewValueCondition), "new_value")]
[JsonDerivedType(typeof(AbsenceCondition), "absence")]
[JsonDerivedType(typeof(TravelCondition), "travel")]
public abstract record RuleCondition
{
    private protected RuleCondition()
    {
    }

    /// <summary>How long an event counts.</summary>
    internal abstract TimeSpan Memory { get; }
}
