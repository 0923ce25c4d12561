using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>What several hooks saw of one request, so that one event is recorded for one decision. Made only when there is something to note.</summary>
internal sealed class RequestEvidence
{
    private readonly List<Exception> _exceptions = [];

    /// <summary>The evaluation that failed last; a denial only once it is enforced.</summary>
    public FailedEvaluation? Failed { get; set; }

    /// <summary>A denial of this request was recorded.</summary>
    public bool Denied { get; set; }

    /// <summary>The cookie was refused and its session ended while the request authenticated.</summary>
    public bool Revoked { get; set; }

    /// <summary>An exception that MVC filters or the developer page may swallow; recorded at the end if nobody else saw it pass.</summary>
    public Exception? Swallowed { get; set; }

    /// <summary>The arguments that <see cref="AuditAttribute.Arguments"/> names.</summary>
    public List<KeyValuePair<string, string?>> Arguments { get; } = [];

    /// <summary>The <c>[Audit]</c> of what ran, where the endpoint alone cannot tell (a Razor page's handler).</summary>
    public AuditAttribute? Audit { get; set; }

    /// <summary>A session is being issued: what the attempt to sign in was is not decided by an answer that the issuing itself writes.</summary>
    public bool IsSigningIn { get; set; }

    /// <summary>Whether the call of the audited endpoint was recorded as a failure; null while it is not recorded.</summary>
    public bool? IsRecordedAsFailed { get; private set; }

    public static RequestEvidence Of(HttpContext request)
    {
        var evidence = request.Features.Get<RequestEvidence>();
        if (evidence is null)
        {
            request.Features.Set(evidence = new RequestEvidence());
        }

        return evidence;
    }

    /// <summary>True when the call of the audited endpoint is not recorded yet, or as a success that has turned out to be a failure.</summary>
    public bool IsNews(bool failed)
    {
        var isNews = IsRecordedAsFailed is null || (IsRecordedAsFailed == false && failed);
        if (isNews)
        {
            IsRecordedAsFailed = failed;
        }

        return isNews;
    }

    /// <summary>True the first time that this very exception (or failure) is seen in this request.</summary>
    public bool First(Exception exception)
    {
        foreach (var seen in _exceptions)
        {
            if (ReferenceEquals(seen, exception))
            {
                return false;
            }
        }

        _exceptions.Add(exception);
        return true;
    }
}

/// <summary>One authorization evaluation that did not succeed.</summary>
/// <param name="Policy">The policy's name, where it was asked for by name.</param>
/// <param name="Failure">What was not met.</param>
internal sealed record FailedEvaluation(string? Policy, AuthorizationFailure? Failure);
