using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;

namespace SecurityAudit.Inventory;

/// <summary>Endpoints that take a form, which another site could send.</summary>
internal sealed class Forms : EndpointSource
{
    private const string NotAsked =
        "Nothing there asks for an antiforgery token, so a forged request is neither refused nor recorded: call AddAntiforgery and UseAntiforgery "
            + "and take DisableAntiforgery away, or put [ValidateAntiForgeryToken] on the action. Where it is meant, accept it in SecurityAudit:AcceptedGaps.";

    private const string BearersAlone =
        "Nothing there asks for an antiforgery token. Every scheme takes a token that no browser sends by itself, so another site can forge nothing, "
            + "unless the application takes that token from a cookie.";

    public override string Kind => "form";

    public override async ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope)
    {
        var forms = await base.FindAsync(scope);
        return await BearerSchemes.AloneAsync(scope)
            ? forms.Select(form => form.Subject is Form.NotAsked ? form with { Known = CoverageState.Partial, Remedy = BearersAlone } : form)
            : forms;
    }

    protected override ApplicationPart? Part(Endpoint endpoint) => (IsAsked(endpoint), endpoint.Metadata.GetMetadata<PageActionDescriptor>()) switch
    {
        (_, not null) => new ApplicationPart(Kind, "Razor Pages", Form.Page, NotAsked),
        (true, _) => new ApplicationPart(Kind, NameOf(endpoint), Form.Asked, NotAsked),
        (false, _) => new ApplicationPart(Kind, NameOf(endpoint), Form.NotAsked, NotAsked),
        _ => null,
    };

    /// <summary>Whether a token is asked for; null where no form is taken, as far as that can be seen.</summary>
    private static bool? IsAsked(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ActionDescriptor>() is { } action)
        {
            return PolicyOf(action) ?? (action.Parameters.Any(parameter => IsForm(parameter.BindingInfo?.BindingSource)) ? false : null);
        }

        return endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true } ? true : TakesForm(endpoint) ? false : null;
    }

    /// <summary>Of several filters the last one holds.</summary>
    private static bool? PolicyOf(ActionDescriptor action) => action.FilterDescriptors
        .Select(filter => filter.Filter switch
        {
            ValidateAntiForgeryTokenAttribute or AutoValidateAntiforgeryTokenAttribute => true,
            IgnoreAntiforgeryTokenAttribute => false,
            _ => (bool?)null,
        })
        .LastOrDefault(asks => asks is not null) is true ? true : null;

    private static bool IsForm(BindingSource? source) => source == BindingSource.Form || source == BindingSource.FormFile;

    private static bool TakesForm(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Any(
        type => type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)) == true;

    private static string NameOf(Endpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        return $"{(methods.Count == 0 ? "POST" : string.Join(',', methods))} {RouteOf(endpoint)}";
    }
}
