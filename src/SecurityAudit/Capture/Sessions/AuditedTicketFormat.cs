using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Sees that a credential could not be decrypted, or that its time is over; of the credential it keeps nothing beyond the request.</summary>
/// <param name="inner">The scheme's own format.</param>
/// <param name="scheme">The scheme whose credentials these are.</param>
/// <param name="now">The scheme's clock.</param>
/// <param name="requests">The current request.</param>
/// <param name="failures">Where it goes what fails in it.</param>
internal sealed class AuditedTicketFormat(
    ISecureDataFormat<AuthenticationTicket> inner, string scheme, Func<DateTimeOffset> now, CurrentRequest requests, HookFailures failures)
    : ISecureDataFormat<AuthenticationTicket>
{
    public string Protect(AuthenticationTicket data) => inner.Protect(data);

    public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(data, purpose);

    public AuthenticationTicket? Unprotect(string? protectedText) => Note(inner.Unprotect(protectedText), protectedText);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => Note(inner.Unprotect(protectedText, purpose), protectedText);

    private AuthenticationTicket? Note(AuthenticationTicket? ticket, string? protectedText)
    {
        try
        {
            var isExpired = ticket?.Properties.ExpiresUtc <= now();
            if ((ticket is null || isExpired) && requests.Context is { } request)
            {
                var evidence = RequestEvidence.Of<SessionEvidence>(request);
                evidence.Tickets[scheme] = isExpired ? TicketFailure.Expired : TicketFailure.Unreadable;
                evidence.Unreadable = isExpired ? evidence.Unreadable : protectedText;
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return ticket;
    }
}
