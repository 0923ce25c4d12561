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
    private static readonly AsyncLocal<Note?> Own = new();

    private readonly IHttpContextAccessor? _accessor = services.GetService<IHttpContextAccessor>();

    /// <summary>The request, or null outside of requests.</summary>
    public HttpContext? Context => _accessor is null ? Own.Value?.Context : _accessor.HttpContext;

    /// <summary>Until the scope is disposed, and in all that begins within it, that request is the current one.</summary>
    public Scope Enter(HttpContext context)
    {
        if (_accessor is not null || ReferenceEquals(Own.Value?.Context, context))
        {
            return default;
        }

        var scope = new Scope(new Note { Context = context }, Own.Value);
        Own.Value = scope.Entered;
        return scope;
    }

    /// <summary>
    /// Shared by all that the request began, so that none of it sees a context that Kestrel has given to the next request.
    /// </summary>
    internal sealed class Note
    {
        public HttpContext? Context { get; set; }
    }

    internal readonly struct Scope(Note entered, Note? before) : IDisposable
    {
        public Note? Entered { get; } = entered;

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
