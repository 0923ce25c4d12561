using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Sees that a refresh token was forged or its time is over, and notes one that is genuine: whether the application accepts it shows in its
/// answer. Of the token nothing is kept but a keyed hash.
/// </summary>
/// <param name="inner">The scheme's own format.</param>
/// <param name="scheme">The scheme whose tokens these are.</param>
/// <param name="now">The scheme's clock.</param>
/// <param name="requests">The current request.</param>
/// <param name="recorder">Where the event goes.</param>
/// <param name="failures">Where it goes what fails in it.</param>
internal sealed class AuditedRefreshFormat(
    ISecureDataFormat<AuthenticationTicket> inner, string scheme, Func<DateTimeOffset> now, CurrentRequest requests, SecurityRecorder recorder,
    HookFailures failures)
    : ISecureDataFormat<AuthenticationTicket>
{
    public string Protect(AuthenticationTicket data) => inner.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(data, purpose);

    public AuthenticationTicket? Unprotect(string? protectedText) => Note(protectedText, inner.Unprotect(protectedText));

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Note(protectedText, inner.Unprotect(protectedText, purpose));

    private AuthenticationTicket? Note(string? token, AuthenticationTicket? ticket)
    {
        try
        {
            if (requests.Context is { } request)
            {
                Note(request, token, ticket);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return ticket;
    }

    private void Note(HttpContext request, string? token, AuthenticationTicket? ticket)
    {
        if (ticket is not null && ticket.Properties.ExpiresUtc > now())
        {
            RequestEvidence.Of<RefreshTokenEvidence>(request).Accept(token, ticket, scheme);
            return;
        }

        // The 401 that answers it is no second decision.
        RequestEvidence.Of<AnswerEvidence>(request).IsSignInRefused = true;
        var reason = ticket is null ? "the refresh token could not be decrypted: altered, or made with another key" : "the refresh token is expired";
        var invalid = SecurityEvents.AuthnCredentialInvalid(scheme, reason);
        recorder.Record(ticket is null ? invalid : invalid with { User = AuditUser.From(ticket.Principal), Severity = EventSeverity.Low });
    }
}
