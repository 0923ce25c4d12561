using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.SignIns;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Records credentials that were refused, when it is seen what that led to: the challenge that follows is told by the same event. Before the
/// first byte of the answer at the latest.
/// </summary>
internal sealed class RefusedCredentials(
    SecurityRecorder recorder, JournalGate gate, CurrentRequest requests, AuditedTickets tickets, CredentialAttempts attempts, HookFailures failures)
    : IRequestConclusion
{
    public void Refuse(HttpContext context, string? scheme, AuthenticateResult result, SessionEvidence evidence)
    {
        if (evidence.UsedAfterEnd is not null)
        {
            return; // told as that, when the request has ended
        }

        var ticket = tickets.Of(scheme, evidence);
        var reason = TokenFailure.ReasonOf(result.Failure!) ?? OpenIddictFailure.ReasonOf(result);
        var made = CredentialFailure.Event(scheme, result.Failure!, reason, ticket, evidence.Revoked);
        if (attempts.Describe(context, made, isTicket: ticket is not null, evidence.Unreadable) is not { } told)
        {
            return; // by the application
        }

        if (evidence.RevokedTicket is { } revoked)
        {
            told = told.With(SessionFields.Identifier, SessionTicket.IdOf(revoked.Properties)) with { User = AuditUser.From(revoked.Principal) };
        }

        evidence.Refuse(new RefusedCredential(told, reason is not null, TokenFailure.IsForeign(reason)));
        if (context.Response.HasStarted)
        {
            Conclude(context);
        }
        else if (!gate.Refuses)
        {
            // What streams its answer may not end for hours. Where answers wait for their record, they are concluded before that anyway.
            context.Response.OnStarting(() =>
            {
                try
                {
                    using var current = requests.Enter(context);
                    Conclude(context);
                }
                catch (Exception failure) when (HookFailures.Catches(failure))
                {
                    failures.Failed(this, failure);
                }

                return Task.CompletedTask;
            });
        }
    }

    public void Conclude(in RequestEnd request) => Conclude(request.Context);

    private void Conclude(HttpContext context)
    {
        if (RequestEvidence.Existing<SessionEvidence>(context) is not { } evidence)
        {
            return;
        }

        foreach (var refused in evidence.TakeRefused(AuditedAuthenticationService.Of(context) is { IsTokenAccepted: true }))
        {
            recorder.Record(refused);
        }
    }
}
