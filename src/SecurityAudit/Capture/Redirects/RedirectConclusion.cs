using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Redirects;

/// <summary>
/// Somebody who was sent to another host, to the very address that an input of the request names; or who would have been, had the
/// application not refused.
/// </summary>
internal sealed class RedirectConclusion(LimitedEvents events) : IRequestConclusion
{
    private static readonly LimitedKind Kind = new("open_redirect", Most: 10, TimeSpan.FromMinutes(1));

    public void Conclude(in RequestEnd request)
    {
        if (request.StatusCode is >= StatusCodes.Status300MultipleChoices and < StatusCodes.Status400BadRequest)
        {
            Followed(request.Context);
        }

        Refused(request.Context, request.Handled);
        Refused(request.Context, request.Swallowed);
    }

    public void Threw(in RequestEnd request, Exception exception) => Refused(request.Context, exception);

    private void Followed(HttpContext context)
    {
        // Where an identity provider sends people to is registered with it.
        if (ForeignAddress.Read(context.Response.Headers.Location, context.Request) is { } target
            && RequestInputs.Find(context.Request, address => address == target) is { } input
            && input.Name is not ("redirect_uri" or "post_logout_redirect_uri"))
        {
            Record(context, input, EventOutcome.Unknown, "inferred: the answer's address is the input's, and the application may have meant to allow it");
        }
    }

    private void Refused(HttpContext context, Exception? exception)
    {
        if (RefusedRedirect.Of(context, exception) is { } input)
        {
            Record(context, input, EventOutcome.Failure, "only local addresses are taken");
        }
    }

    private void Record(HttpContext context, ForeignInput input, EventOutcome outcome, string reason)
    {
        if (RequestEvidence.IsFirst<Recorded>(context))
        {
            events.Record(
                Kind,
                context,
                (SecurityEvents.OpenRedirect(input.Name, input.Host) with { Outcome = outcome, Reason = reason })
                    .With(EventFields.StatusCode, outcome is EventOutcome.Unknown ? context.Response.StatusCode : null));
        }
    }

    /// <summary>Says that it is recorded for this request.</summary>
    private sealed class Recorded : Evidence;
}
