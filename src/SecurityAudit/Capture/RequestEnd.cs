using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>A request that has its answer, with what several hooks ask of it: looked up once for all of them.</summary>
internal readonly struct RequestEnd(HttpContext context)
{
    private readonly RequestEvidence? _evidence = RequestEvidence.Existing(context.Features);
    private readonly int _revision = context.Features.Revision;

    public HttpContext Context { get; } = context;

    /// <summary>What <c>UseExceptionHandler</c> leaves where it ran the pipeline again for an error page.</summary>
    public IExceptionHandlerFeature? ErrorPage { get; } = context.Features[typeof(IExceptionHandlerFeature)] as IExceptionHandlerFeature;

    /// <summary>An exception that an error page answers.</summary>
    public Exception? Handled => ErrorPage?.Error;

    /// <summary>An exception that a filter or the developer page swallowed, as far as nobody else saw it pass.</summary>
    public Exception? Swallowed => Existing<ExceptionEvidence>()?.Swallowed;

    public int StatusCode => Context.Response.StatusCode;

    /// <summary>The owner chose Refuse, and something of it could not be recorded.</summary>
    public bool IsRefused => RecordedResponse.IsRefusedIn(Context);

    // Of most requests there is no evidence, and none of the hooks looks for it once more, unless one of them has noted something meanwhile.
    private RequestEvidence? Evidence =>
        _evidence ?? (Context.Features.Revision == _revision ? null : RequestEvidence.Existing(Context.Features));

    /// <inheritdoc cref="RequestEvidence.Existing{T}()"/>
    public T? Existing<T>()
        where T : Evidence => Evidence?.Existing<T>();

    /// <inheritdoc cref="RequestEvidence.Of{T}()"/>
    public T Of<T>()
        where T : Evidence, new() => RequestEvidence.Of<T>(Context);

    /// <inheritdoc cref="RequestEvidence.IsFirst{T}()"/>
    public bool IsFirst<T>()
        where T : Evidence, new() => RequestEvidence.IsFirst<T>(Context);
}
