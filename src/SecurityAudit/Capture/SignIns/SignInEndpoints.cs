using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// Where people sign in: the login pages of the application's cookie schemes, known at start, and the endpoints at which somebody was
/// signed in, learned since. Safe for any thread.
/// </summary>
internal sealed class SignInEndpoints
{
    /// <summary>No application signs in at more; what comes after these is not learned.</summary>
    private const int Most = 256;

    private readonly ConcurrentDictionary<object, ImmutableHashSet<string>> _learned = new();

    /// <summary>The login pages of cookie schemes that are not Identity's.</summary>
    public ImmutableArray<PathString> LoginPages { get; set; } = [];

    /// <summary>Somebody was signed in here.</summary>
    public void Learn(HttpContext request)
    {
        if (!PresentedCredential.IsRead(request.Request.Method) && (_learned.Count < Most || _learned.ContainsKey(Key(request))))
        {
            var handler = Handler(request);
            _learned.AddOrUpdate(
                Key(request), static (_, first) => [first], static (_, before, other) => before.Count < Most ? before.Add(other) : before, handler);
        }
    }

    /// <summary>Somebody was signed in here before, in this process.</summary>
    public bool IsLearned(HttpContext request) =>
        !_learned.IsEmpty && _learned.TryGetValue(Key(request), out var handlers) && handlers.Contains(Handler(request));

    /// <summary>A page that the application names as the one to sign in at.</summary>
    public bool IsLoginPage(PathString path)
    {
        foreach (var page in LoginPages)
        {
            if (page.Equals(path, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static object Key(HttpContext request) => request.GetEndpoint() ?? (object)(request.Request.Path.Value ?? string.Empty);

    // One Razor page has a handler for each of its forms.
    private static string Handler(HttpContext request) =>
        request.Request.RouteValues.TryGetValue("handler", out var routed) && routed is string handler ? handler
        : request.Request.Query.TryGetValue("handler", out var asked) ? asked.ToString()
        : string.Empty;
}
