using System.Collections.Immutable;

namespace SecurityAudit.Detection;

/// <summary>A rule is data: which events, grouped by what, how many, of how many kinds, within which time, and how bad that is.</summary>
internal sealed record DetectionRule
{
    /// <summary>ECS <c>rule.id</c>; the alert's action is <c>alert_</c> and this.</summary>
    public required string Id { get; init; }

    /// <summary>ECS <c>rule.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The <c>event.action</c> of the events that count.</summary>
    public required ImmutableArray<string> Actions { get; init; }

    /// <summary>What the events of one attack have in common.</summary>
    public required EventDimension GroupBy { get; init; }

    /// <summary>In what the events of one attack differ.</summary>
    public required EventDimension Distinct { get; init; }

    public required TimeSpan Window { get; init; }

    /// <summary>Events within the window, at least.</summary>
    public required int Attempts { get; init; }

    /// <summary>Different values of <see cref="Distinct"/> among them, at least.</summary>
    public required int DistinctValues { get; init; }

    /// <summary>A value with more events than this does not count, nor do its events: that is an attack of another kind.</summary>
    public int AttemptsPerValue { get; init; } = int.MaxValue;

    /// <summary>After an alert, what goes on in the same group is put into one summary each time this has passed.</summary>
    public TimeSpan SummaryInterval { get; init; } = TimeSpan.FromHours(1);

    public required EventSeverity Severity { get; init; }

    /// <summary>ECS <c>event.category</c> of the alert: <c>intrusion_detection</c> and its subject.</summary>
    public required ImmutableArray<string> Categories { get; init; }

    public required AttackTechnique Technique { get; init; }

    /// <summary>
    /// The alert in one sentence; <c>{group}</c>, <c>{attempts}</c>, <c>{distinct}</c> and <c>{duration}</c> are filled in.
    /// </summary>
    public required string Sentence { get; init; }

    /// <summary>The summary in one sentence, with the same parts.</summary>
    public required string SummarySentence { get; init; }

    public bool Concerns(SecurityEvent e)
    {
        foreach (var action in Actions)
        {
            if (string.Equals(action, e.Action, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
