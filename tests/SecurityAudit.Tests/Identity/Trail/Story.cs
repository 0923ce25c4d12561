using System.Collections.Immutable;
using System.Diagnostics;
using SecurityAudit.Capture.Identity.Trail;

namespace SecurityAudit.Tests.Identity.Trail;

/// <summary>What the hooks see of one attempt, in the order in which Identity makes it happen, and what is to be recorded of it.</summary>
internal sealed record Story(string Name, ImmutableArray<Story.Step> Steps, ImmutableArray<Told> Told)
{
    /// <summary>One sighting at a moment; null for the moment at which an operation that is measured begins.</summary>
    public delegate Sighting? Step(long at, long started);

    public override string ToString() => Name;

    /// <summary>
    /// What is recorded when two stories happen in one request, in every order in which they can be mixed; each is kept in its own order.
    /// </summary>
    /// <param name="first">One story: an "a" in the order.</param>
    /// <param name="second">The other: a "b".</param>
    /// <param name="tick">The time from one step to the next, of <see cref="Stopwatch.Frequency"/>.</param>
    /// <param name="status">What the request is answered with.</param>
    public static IEnumerable<(string Order, IReadOnlyList<Told> Told)> Mixed(Story first, Story second, long tick, int status)
    {
        return Mix(string.Empty, 0, 0, 0, 0, new TrailState(Caller: null), []);

        IEnumerable<(string, IReadOnlyList<Told>)> Mix(
            string order, int left, int right, long leftStarted, long rightStarted, TrailState state, ImmutableList<SecurityEvent> events)
        {
            var at = (order.Length + 1) * tick;
            if (left == first.Steps.Length && right == second.Steps.Length)
            {
                var answered = IdentityMachine.Next(state, new Answered(at, status, IsLast: false));
                var over = IdentityMachine.Next(answered.State, new Answered(at + tick, status, IsLast: true));
                yield return (order, events.AddRange(answered.Events).AddRange(over.Events).ConvertAll(Trail.Told.Of));
                yield break;
            }

            if (left < first.Steps.Length)
            {
                var (started, step) = Take(first.Steps[left], at, leftStarted, state);
                foreach (var mixed in Mix(order + "a", left + 1, right, started, rightStarted, step.State, events.AddRange(step.Events)))
                {
                    yield return mixed;
                }
            }

            if (right < second.Steps.Length)
            {
                var (started, step) = Take(second.Steps[right], at, rightStarted, state);
                foreach (var mixed in Mix(order + "b", left, right + 1, leftStarted, started, step.State, events.AddRange(step.Events)))
                {
                    yield return mixed;
                }
            }
        }
    }

    /// <summary>What is recorded when the one happens after the other.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="tick">The time from one step to the next, of <see cref="Stopwatch.Frequency"/>.</param>
    /// <param name="status">What the request is answered with.</param>
    /// <param name="delay">How long after its end each measurement is noticed, as on a busy machine.</param>
    public static IReadOnlyList<Told> Play(Story first, Story second, long tick, int status, long delay = 0)
    {
        var (state, started, at) = (new TrailState(Caller: null), 0L, 0L);
        var events = ImmutableList<SecurityEvent>.Empty;
        foreach (var next in first.Steps.Concat(second.Steps))
        {
            (started, var step) = Take((moment, began) => next(moment, began) is OperationMeasured measured
                ? measured with { At = at += delay, Started = measured.Started + delay }
                : next(moment, began), at += tick, started, state);
            (state, events) = (step.State, events.AddRange(step.Events));
        }

        return events.AddRange(IdentityMachine.Next(state, new Answered(at + tick, status, IsLast: true)).Events).ConvertAll(Trail.Told.Of);
    }

    private static (long Started, TrailStep Step) Take(Step step, long at, long started, TrailState state) =>
        step(at, started) is { } seen ? (started, IdentityMachine.Next(state, seen)) : (at, new TrailStep(state));
}

/// <summary>What an event says: who, what, why, how.</summary>
internal sealed record Told(string Action, AuditUser? Who, string? Reason = null, string? Method = null)
{
    public static Told Of(SecurityEvent e) => new(
        e.Action, e.User ?? e.Target, e.Reason, (string?)e["security_audit.authn.method"]);

    /// <summary>True where this says nothing else than the other: the same, or less.</summary>
    public bool IsNoMoreThan(Told other) => Action == other.Action
        && (Who is null or { Id: null, Name: null }
            || (Who.Id == other.Who?.Id && Who.Name == other.Who?.Name && Who.Exists == other.Who?.Exists))
        && (Reason is null or "refused" || Reason == other.Reason)
        && (Method is null || Method == other.Method);

    /// <summary>True where each of these is one of those and each of those is told once.</summary>
    public static bool AreNoMoreThan(IReadOnlyList<Told> told, IReadOnlyList<Told> truth)
    {
        if (told.Count != truth.Count)
        {
            return false;
        }

        if (told.Count == 0)
        {
            return true;
        }

        return truth.Select((other, index) => (other, index)).Any(pair => told[0].IsNoMoreThan(pair.other)
            && AreNoMoreThan([.. told.Skip(1)], [.. truth.Where((_, index) => index != pair.index)]));
    }

    public override string ToString() => $"{Action}({Who?.Id ?? Who?.Name}{(Who?.Exists == false ? "?" : "")}; {Reason}; {Method})";
}
