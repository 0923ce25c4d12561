using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Enrichment;

/// <summary>
/// What the hooks saw of one request until it is clear what it means: one small class a hook, made only when there is something to note. A
/// request in which nothing happens has none.
/// </summary>
internal static class RequestEvidence
{
    /// <summary>The evidence of that kind, made if it is not there.</summary>
    public static T Of<T>(HttpContext request)
        where T : class, new()
    {
        var evidence = request.Features.Get<T>();
        if (evidence is null)
        {
            request.Features.Set(evidence = new T());
        }

        return evidence;
    }

    /// <summary>True once a request, when it is asked for that kind first.</summary>
    public static bool IsFirst<T>(HttpContext request)
        where T : class, new()
    {
        if (request.Features.Get<T>() is not null)
        {
            return false;
        }

        request.Features.Set(new T());
        return true;
    }

    /// <summary>The evidence of that kind if there is any.</summary>
    public static T? Existing<T>(HttpContext request)
        where T : class => request.Features.Get<T>();
}
