using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecurityAudit.Capture.Redirects;

/// <summary>The inputs of a request, in its query and in its form as far as that was read: nothing is read here.</summary>
internal static class RequestInputs
{
    private const int LongestName = 64;

    /// <summary>The first input that is an address at another host, and fits.</summary>
    public static ForeignInput? Find(HttpRequest request, Predicate<Uri> fits)
    {
        foreach (var (name, values) in request.Query.Concat(request.HttpContext.Features.Get<IFormFeature>()?.Form ?? FormCollection.Empty))
        {
            foreach (var value in values)
            {
                if (ForeignAddress.Read(value, request) is { } address && fits(address))
                {
                    return new ForeignInput(name.Length > LongestName ? name[..LongestName] : name, address.Host);
                }
            }
        }

        return null;
    }
}
