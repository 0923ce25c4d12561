using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace SecurityAudit.Tests.Live;

/// <summary>The document of a Blazor Server application that is interactive throughout.</summary>
public sealed class ShopDocument : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html>");
        builder.OpenElement(1, "html");
        builder.AddMarkupContent(2, "<head><base href=\"/\"></head>");
        builder.OpenElement(3, "body");
        builder.OpenComponent<ShopRoutes>(4);
        builder.AddComponentRenderMode(RenderMode.InteractiveServer);
        builder.CloseComponent();
        builder.AddMarkupContent(5, "<script src=\"_framework/blazor.web.js\"></script>");
        builder.CloseElement();
        builder.CloseElement();
    }
}

/// <summary>A menu, which is trimmed to what somebody may do, and the page of the route.</summary>
public sealed class ShopRoutes : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<a id=\"home\" href=\"/\">home</a> <a id=\"managers\" href=\"/managers\">managers</a> <a id=\"owners\" href=\"/owners\">owners</a>");
        foreach (var policy in new[] { "Managers", "Menu" })
        {
            builder.OpenComponent<AuthorizeView>(1);
            builder.AddComponentParameter(2, nameof(AuthorizeView.Policy), policy);
            builder.AddComponentParameter(3, nameof(AuthorizeView.NotAuthorized), Text("not in the menu"));
            builder.CloseComponent();
        }

        builder.OpenComponent<Router>(4);
        builder.AddComponentParameter(5, nameof(Router.AppAssembly), typeof(ShopRoutes).Assembly);
        builder.AddComponentParameter(6, nameof(Router.Found), (RenderFragment<RouteData>)Page);
        builder.CloseComponent();
        builder.AddMarkupContent(7, RendererInfo.IsInteractive ? "<p id=\"ready\">ready</p>" : "");
    }

    private static RenderFragment<AuthenticationState> Text(string text) => _ => builder => builder.AddContent(0, text);

    private static RenderFragment Page(RouteData route) => builder =>
    {
        builder.OpenComponent<AuthorizeRouteView>(0);
        builder.AddComponentParameter(1, nameof(AuthorizeRouteView.RouteData), route);
        builder.AddComponentParameter(
            2,
            nameof(AuthorizeRouteView.NotAuthorized),
            (RenderFragment<AuthenticationState>)(_ => content => content.AddMarkupContent(0, $"<p id=\"denied\">{route.PageType.Name}</p>")));
        builder.CloseComponent();
    };
}

[Route("/")]
public sealed class HomePage : ComponentBase
{
    [JSInvokable]
    public static void Fail() => throw new FormatException("called by the browser");

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<p id=\"page\">home</p>");
        builder.OpenElement(1, "button");
        builder.AddAttribute(6, "id", "break");
        builder.AddAttribute(7, "onclick", EventCallback.Factory.Create(this, () => throw new InvalidOperationException("hunter2".ToString())));
        builder.CloseElement();
        builder.OpenComponent<ErrorBoundary>(2);
        builder.AddComponentParameter(3, nameof(ErrorBoundary.ChildContent), (RenderFragment)(content =>
        {
            content.OpenComponent<FragilePart>(0);
            content.CloseComponent();
        }));
        builder.AddComponentParameter(4, nameof(ErrorBoundary.ErrorContent), (RenderFragment<Exception>)(_ => content =>
            content.AddMarkupContent(0, "<p id=\"sorry\">sorry</p>")));
        builder.CloseComponent();
    }
}

public sealed class FragilePart : ComponentBase
{
    private bool _isBroken;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (_isBroken)
        {
            throw new NotSupportedException("a fragile part");
        }

        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "id", "fragile");
        builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, () => _isBroken = true));
        builder.CloseElement();
    }
}

[Route("/managers")]
[Authorize("Managers")]
public sealed class ManagersPage : ComponentBase;

[Route("/owners")]
[Authorize(Roles = "owner")]
public sealed class OwnersPage : ComponentBase;
