using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>A request that was refused while its body was read or its parameters were bound: handled, swallowed, or gone through.</summary>
internal sealed class BadRequestConclusion(LimitedEvents events) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        Record(context, context.Features.Get<IExceptionHandlerFeature>()?.Error);
        Record(context, RequestEvidence.Existing<ExceptionEvidence>(context)?.Swallowed);
    }

    public void Threw(HttpContext context, Exception exception)
    {
        Record(context, exception);
        Conclude(context); // what went through may stand for what was swallowed before
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
