using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Journal;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Hubs;

/// <summary>
/// Records what a call of a hub was, when it has ended: an exception, a denial that the hub's code decided, an audited call.
/// </summary>
internal sealed class HubCallEnd(SecurityRecorder recorder, ExceptionEvent exceptions, ToldExceptions told, JournalGate gate, HookFailures failures)
{
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and what is audited could not be recorded.</exception>
    public void Demand(HubAudit? audit)
    {
        if (audit is not null)
        {
            gate.Demand();
        }
    }

    /// <param name="called">What was called.</param>
    /// <param name="call">What was seen of it.</param>
    /// <param name="audit">Whether it is audited.</param>
    /// <param name="exception">What left all filters.</param>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and it could not be recorded.</exception>
    public async ValueTask Ended(HubCall called, LiveCall call, HubAudit? audit, Exception? exception)
    {
        try
        {
            await TellAsync(called, call, audit, exception);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }

    private async ValueTask TellAsync(HubCall called, LiveCall call, HubAudit? audit, Exception? exception)
    {
        if (exception is not null)
        {
            told.Tell(exception);
        }

        // A refusal is no fault of the application, and a client that leaves is none of anybody.
        if (BehindAnswer(exception, call.Thrown) is not { } thrown || thrown is JournalUnavailableException)
        {
            await Did(called, call, audit, EventOutcome.Success, reason: null, thrown: exception);
        }
        else if (called.IsEndedBy(thrown))
        {
            await Did(called, call, audit, EventOutcome.Unknown, "the connection ended", thrown: null);
        }
        else if (DenialBehind(thrown, call.Denials) is { } denial)
        {
            recorder.Record(called.Describe(denial));
            await Did(called, call, audit, EventOutcome.Failure, "denied", thrown: null);
        }
        else
        {
            recorder.Record(called.Describe(Event(thrown, isAnswered: exception is null or HubException, call.Denials)));
            await Did(called, call, audit, exception is null ? EventOutcome.Success : EventOutcome.Failure, exception?.GetType().FullName, thrown: null);
        }
    }

    /// <summary>
    /// Code that asks whether somebody may do something to a resource, hears no, and throws, has denied it: that is inferred, for it
    /// says so to nobody. A policy alone may have been asked for the sake of what is shown.
    /// </summary>
    private static SecurityEvent? DenialBehind(Exception thrown, DenialEvidence denials) =>
        thrown is HubException or UnauthorizedAccessException && denials.Asked is { Resource: not null, Failure: { } failure } asked
            ? SecurityEvents.AuthzFail(asked.Policy, $"inferred from the {thrown.GetType().Name} that followed: {Denial.ReasonOf(failure)}")
            : null;

    /// <summary>
    /// What the method threw, where another filter swallowed it or made a <see cref="HubException"/> of it: what that says is told to the
    /// client, and is an answer.
    /// </summary>
    private static Exception? BehindAnswer(Exception? left, Exception? thrown) => left is null or HubException ? thrown ?? left : left;

    private SecurityEvent Event(Exception thrown, bool isAnswered, DenialEvidence denials) =>
        exceptions.Of(thrown, isAnswered)
            with { Reason = denials.Asked is { Failure: { } failure } ? $"an evaluation before it failed: {Denial.ReasonOf(failure)}" : null };

    private async ValueTask Did(HubCall called, LiveCall call, HubAudit? audit, EventOutcome outcome, string? reason, Exception? thrown)
    {
        if (audit is null || thrown is JournalUnavailableException)
        {
            return;
        }

        var activity = called.Describe(audit.Event(outcome, call.Arguments ?? [])) with { Reason = reason };
        if (gate.Refuses)
        {
            await recorder.RecordAsync(activity, CancellationToken.None); // bounded by the journal
        }
        else
        {
            recorder.Record(activity);
        }
    }
}
