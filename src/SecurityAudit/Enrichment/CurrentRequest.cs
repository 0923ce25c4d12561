using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Enrichment;

/// <summary>
/// The request in which code runs: by the application's <see cref="IHttpContextAccessor"/> where it has one, by a note of our own
/// otherwise.
/// </summary>
/// <remarks>
/// Registering an accessor for an application that has none would keep Kestrel from using the objects of a context again, some 300 bytes a
/// request. Our own note stands from the outermost middleware on and is gone with it: what runs later for that request enters it again.
/// Safe for any thread.
/// </remarks>
internal sealed class CurrentRequest(IServiceProvider services)
{
    private static readonly AsyncLocal<Noted?> Own = new();

    private readonly IHttpContextAccessor? _accessor = services.GetService<IHttpContextAccessor>();

    /// <summary>The request, or null outside of requests.</summary>
    public HttpContext? Context => _accessor?.HttpContext ?? Own.Value?.Context;

    /// <summary>Until the scope is disposed, and in all that begins within it, that request is the current one.</summary>
    public Scope Enter(HttpContext context) =>
        _accessor is not null || ReferenceEquals(Own.Value?.Context, context) ? default : Note(context);

    /// <summary>
    /// The same for a call within a connection that outlasts the request which opened it: a transport may have ended that request, and the
    /// application's accessor knows of none then.
    /// </summary>
    public Scope EnterCall(HttpContext? context) => context is null || ReferenceEquals(Context, context) ? default : Note(context);

    private static Scope Note(HttpContext context)
    {
        var scope = new Scope(new Noted { Context = context }, Own.Value);
        Own.Value = scope.Entered;
        return scope;
    }

    /// <summary>
    /// Shared by all that the request began, so that none of it sees a context that Kestrel has given to the next request.
    /// </summary>
    internal sealed class Noted
    {
        public HttpContext? Context { get; set; }
    }

    internal readonly struct Scope(Noted entered, Noted? before) : IDisposable
    {
        public Noted? Entered { get; } = entered;

        public void Dispose()
        {
            if (Entered is not null)
            {
                Entered.Context = null;
                Own.Value = before;
            }
        }
    }
}
