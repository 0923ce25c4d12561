using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.TokenRequests;

/// <summary>What OpenIddict's server did with a request, read from what it leaves in the request.</summary>
/// <remarks>
/// This package does not reference OpenIddict, and an application may lack it: its types are named whole, so that trimming keeps the
/// properties that are read. Of a request nothing is read but the names of client and user, and the kind of grant.
/// </remarks>
internal readonly struct OpenIddictTransaction
{
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    private static readonly Type? Feature =
        Type.GetType("OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreFeature, OpenIddict.Server.AspNetCore", throwOnError: false);

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    private static readonly Type? Server = Type.GetType("OpenIddict.Server.OpenIddictServerTransaction, OpenIddict.Server", throwOnError: false);

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    private static readonly Type? Request = Type.GetType("OpenIddict.Abstractions.OpenIddictRequest, OpenIddict.Abstractions", throwOnError: false);

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    private static readonly Type? Response = Type.GetType("OpenIddict.Abstractions.OpenIddictResponse, OpenIddict.Abstractions", throwOnError: false);

    private static readonly PropertyInfo? TransactionProperty = Feature?.GetProperty("Transaction");
    private static readonly PropertyInfo? EndpointProperty = Server?.GetProperty("EndpointType");
    private static readonly PropertyInfo? RequestProperty = Server?.GetProperty("Request");
    private static readonly PropertyInfo? ResponseProperty = Server?.GetProperty("Response");
    private static readonly PropertyInfo? ClientIdProperty = Request?.GetProperty("ClientId");
    private static readonly PropertyInfo? GrantTypeProperty = Request?.GetProperty("GrantType");
    private static readonly PropertyInfo? UsernameProperty = Request?.GetProperty("Username");
    private static readonly PropertyInfo? ErrorProperty = Response?.GetProperty("Error");
    private static readonly PropertyInfo? ErrorUriProperty = Response?.GetProperty("ErrorUri");

    private readonly object? _request;
    private readonly object? _response;

    private OpenIddictTransaction(object transaction)
    {
        Endpoint = EndpointProperty!.GetValue(transaction)?.ToString();
        _request = RequestProperty!.GetValue(transaction);
        _response = ResponseProperty!.GetValue(transaction);
    }

    /// <summary>This version of OpenIddict, if there is one, has what is read.</summary>
    public static bool IsKnown =>
        TransactionProperty is not null && EndpointProperty is not null && RequestProperty is not null && ResponseProperty is not null
        && ClientIdProperty is not null && GrantTypeProperty is not null && UsernameProperty is not null && ErrorProperty is not null
        && ErrorUriProperty is not null;

    /// <summary>Which of the server's endpoints it is: <c>Token</c>, <c>Authorization</c>, <c>Revocation</c>, …</summary>
    public string? Endpoint { get; }

    public bool IsAnswered => _response is not null;

    public string? ClientId => Text(ClientIdProperty, _request);

    public string? GrantType => Text(GrantTypeProperty, _request);

    public string? Username => Text(UsernameProperty, _request);

    /// <summary>The error code of the answer.</summary>
    public string? Error => Text(ErrorProperty, _response);

    /// <summary>The number of the error, <c>ID2010</c> say, which is the same in every language.</summary>
    public string? ErrorId => Text(ErrorUriProperty, _response) is { } uri ? uri[(uri.LastIndexOf('/') + 1)..] : null;

    /// <summary>The transaction of a request, or null where there is none.</summary>
    public static OpenIddictTransaction? Of(HttpContext context) =>
        IsKnown && context.Features[Feature!] is { } feature && TransactionProperty!.GetValue(feature) is { } transaction
            ? new OpenIddictTransaction(transaction)
            : null;

    private static string? Text(PropertyInfo? property, object? owner) => owner is null ? null : property?.GetValue(owner) as string;
}
