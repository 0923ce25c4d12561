using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>A request that was refused while its body was read or its parameters were bound: handled, swallowed, or gone through.</summary>
internal sealed class BadRequestConclusion(LimitedEvents events) : IRequestConclusion
{
    public void Conclude(in RequestEnd request)
    {
        Record(request.Context, request.Handled);
        Record(request.Context, request.Swallowed);
    }

    public void Threw(in RequestEnd request, Exception exception)
    {
        Record(request.Context, exception);
        Conclude(request); // what went through may stand for what was swallowed before
    }

    private void Record(HttpContext context, Exception? exception)
    {
        // That the antiforgery token is missing is told as that. The server hears of a refusal that goes through, and would tell it again.
        if (ClientFault.Of(exception) is { InnerException: not AntiforgeryValidationException } refusal
            && RequestEvidence.IsFirst<BadRequestEvidence>(context)
            && !ClientGone.Explains(context, refusal))
        {
            var part = RefusedPart.Of(refusal.StatusCode);
            events.Record(
                RefusedRequests.Input,
                context,
                (SecurityEvents.InputValidationFail(part.Part) with { Reason = part.Reason }).With(EventFields.StatusCode, refusal.StatusCode));
        }
    }
}
