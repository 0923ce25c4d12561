using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Capture.Circuits;

/// <summary>
/// What is known of one circuit: who is in it, from where, on which page. One a scope; where that is the scope of a request, a page that is
/// rendered before its circuit begins, it has no id.
/// </summary>
internal sealed class CircuitState(IServiceProvider scope)
{
    private static readonly AsyncLocal<CircuitState?> Ambient = new();

    private readonly List<WeakReference<RouteView>> _views = [];
    private ClaimsPrincipal? _connected;
    private string? _address;
    private string? _agent;
    private int _port;
    private RouteData[] _left = [];
    private (Type Page, string? Location)? _denied;

    /// <summary>The circuit in whose activity code runs.</summary>
    public static CircuitState? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>The circuit's public id.</summary>
    public string? Id { get; set; }

    /// <summary>The pages that are shown at the moment, and those that are not because their views denied them.</summary>
    public IReadOnlyList<RouteData> Pages => Shown<RouteView>();

    /// <summary>Those of them whose views ask who may see them.</summary>
    public IReadOnlyList<RouteData> GuardedPages => Shown<AuthorizeRouteView>();

    public void Add(RouteView view)
    {
        lock (_views)
        {
            _views.RemoveAll(known => !known.TryGetTarget(out _));
            _views.Add(new WeakReference<RouteView>(view));
        }
    }

    /// <summary>The connection that opened the circuit, or took it over: the request may be gone when something happens.</summary>
    public void Connect(HttpContext request)
    {
        (_connected, _port) = (request.User, request.Connection.RemotePort);
        _address = TypedValue.TextOf(request.Connection.RemoteIpAddress);
        _agent = request.Request.Headers.UserAgent is { Count: > 0 } agent ? agent.ToString() : null;
    }

    /// <summary>Somewhere else a page may be denied again.</summary>
    public void Navigated()
    {
        // A view that is shown no longer still has its page; one that is gets another with each address.
        _left = [];
        _left = [.. Pages];
        _denied = null;
    }

    /// <summary>True the first time that this page is denied at this place; it is evaluated as often as it is rendered.</summary>
    public bool IsFirstDenial(Type page, string? location)
    {
        var denied = (page, location);
        var isFirst = _denied != denied;
        _denied = denied;
        return isFirst;
    }

    /// <summary>The event with whose circuit it is, from where, and what the circuit shows.</summary>
    public SecurityEvent Describe(SecurityEvent e)
    {
        e = (e with { User = e.User ?? User() })
            .With(EventFields.ConnectionId, Id)
            .With(EventFields.SourceIp, _address)
            .With(EventFields.UserAgent, _agent)
            .With(EventFields.Page, e[EventFields.Page] as string ?? (Pages is [var page, ..] ? page.PageType.FullName : null));
        return _address is null ? e : e.With(EventFields.SourcePort, (int?)_port);
    }

    private RouteData[] Shown<TView>()
        where TView : RouteView
    {
        lock (_views)
        {
            return
            [
                .. _views.Select(view => view.TryGetTarget(out var known) && known is TView ? known.RouteData : null)
                    .OfType<RouteData>()
                    .Where(route => !Array.Exists(_left, left => ReferenceEquals(left, route))),
            ];
        }
    }

    /// <summary>Whom the application's provider names, who may be somebody else than opened the connection.</summary>
    private AuditUser? User()
    {
        try
        {
            if (scope.GetService(typeof(AuthenticationStateProvider)) is AuthenticationStateProvider provider
                && provider.GetAuthenticationStateAsync() is { IsCompletedSuccessfully: true } state)
            {
                return AuditUser.From(state.Result.User);
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException)
        {
            // It knows nobody outside of a circuit, or the circuit is gone.
        }

        return AuditUser.From(_connected);
    }
}
