using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Activities;

/// <summary>What was seen of the audited call of one request.</summary>
internal sealed class ActivityEvidence : Evidence
{
    /// <summary>The <c>[Audit]</c> of what ran, where the endpoint alone cannot tell (a Razor page's handler).</summary>
    public AuditAttribute? Audit { get; set; }

    /// <summary>The audited endpoint that was chosen first: what runs in its place later is an error page.</summary>
    public Endpoint? Endpoint { get; private set; }

    /// <summary>Its route's values.</summary>
    public RouteValueDictionary? Routes { get; private set; }

    /// <summary>The arguments that <see cref="AuditAttribute.Arguments"/> names.</summary>
    public List<KeyValuePair<string, string?>> Arguments { get; } = [];

    /// <summary>Whether the call was recorded as a failure; null while it is not recorded.</summary>
    public bool? IsRecordedAsFailed { get; private set; }

    /// <summary>True when the call is not recorded yet, or as a success that has turned out to be a failure.</summary>
    public bool IsNews(bool failed)
    {
        var isNews = IsRecordedAsFailed is null || (IsRecordedAsFailed == false && failed);
        if (isNews)
        {
            IsRecordedAsFailed = failed;
        }

        return isNews;
    }

    /// <summary>Routing chose an audited endpoint.</summary>
    public void Choose(Endpoint endpoint, RouteValueDictionary? routes)
    {
        if (Endpoint is null)
        {
            (Endpoint, Routes) = (endpoint, routes);
        }
    }
}
