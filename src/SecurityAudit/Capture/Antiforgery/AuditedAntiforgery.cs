using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Antiforgery;

/// <summary>Records, once a request, that its antiforgery tokens were missing or not valid; what they were it does not look at.</summary>
internal sealed class AuditedAntiforgery(
    IAntiforgery inner, IOptions<AntiforgeryOptions> options, SecurityRecorder recorder, HookFailures failures) : IAntiforgery
{
    public AntiforgeryTokenSet GetAndStoreTokens(HttpContext httpContext) => inner.GetAndStoreTokens(httpContext);

    public AntiforgeryTokenSet GetTokens(HttpContext httpContext) => inner.GetTokens(httpContext);

    public void SetCookieTokenAndHeader(HttpContext httpContext) => inner.SetCookieTokenAndHeader(httpContext);

    public async Task<bool> IsRequestValidAsync(HttpContext httpContext)
    {
        try
        {
            var isValid = await inner.IsRequestValidAsync(httpContext);
            if (!isValid)
            {
                Refused(httpContext, failure: null);
            }

            return isValid;
        }
        catch (AntiforgeryValidationException unreadable)
        {
            Refused(httpContext, unreadable);
            throw;
        }
    }

    /// <summary>The middleware flags what this throws and goes on; the refusal comes when the form is bound.</summary>
    public async Task ValidateRequestAsync(HttpContext httpContext)
    {
        try
        {
            await inner.ValidateRequestAsync(httpContext);
        }
        catch (AntiforgeryValidationException failure)
        {
            Refused(httpContext, failure);
            throw;
        }
    }

    /// <summary>A form that could not be read has no tokens to look at: it was refused for what it is, or its client left.</summary>
    private void Refused(HttpContext request, AntiforgeryValidationException? failure)
    {
        try
        {
            if (failure?.InnerException is IOException unreadable)
            {
                ExceptionEvidence.Note(request, unreadable);
            }
            else
            {
                Record(request);
            }
        }
        catch (Exception own) when (HookFailures.Catches(own))
        {
            failures.Failed(this, own);
        }
    }

    private void Record(HttpContext request)
    {
        if (RequestEvidence.IsFirst<Recorded>(request))
        {
            recorder.Record(SecurityEvents.MaliciousCsrf(Reason(request)));
        }
    }

    private string Reason(HttpContext request)
    {
        var names = options.Value;
        if (names.Cookie.Name is not { } cookie || !request.Request.Cookies.ContainsKey(cookie))
        {
            return "no antiforgery cookie";
        }

        // The form as far as the validation has read it: nothing is read here.
        var isSent = (names.HeaderName is { } header && request.Request.Headers.ContainsKey(header))
            || request.Features.Get<IFormFeature>()?.Form?.ContainsKey(names.FormFieldName) == true;
        return isSent ? "the antiforgery tokens are not valid" : "no antiforgery token beside the cookie";
    }

    /// <summary>Says that it is recorded for this request.</summary>
    private sealed class Recorded;
}
