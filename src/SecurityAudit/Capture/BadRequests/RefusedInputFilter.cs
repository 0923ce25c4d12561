using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>
/// Sees that MVC or a Razor page refuses input that could not be bound or is not valid: the model's state has errors and the result says
/// 400 or 422. A form that is shown again with its errors is what forms do, and no refusal.
/// </summary>
internal sealed class RefusedInputFilter(LimitedEvents events, HookFailures failures) : IAlwaysRunResultFilter, IOrderedFilter
{
    private const int MostNames = 16;
    private const int LongestName = 64;

    /// <summary>Last: the result may be replaced by others.</summary>
    public int Order => int.MaxValue;

    public void OnResultExecuting(ResultExecutingContext context)
    {
        try
        {
            Look(context);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }
    }

    private void Look(ResultExecutingContext context)
    {
        if (!context.ModelState.IsValid
            && (context.Result as IStatusCodeActionResult)?.StatusCode is StatusCodes.Status400BadRequest or StatusCodes.Status422UnprocessableEntity
            && RequestEvidence.IsFirst<BadRequestEvidence>(context.HttpContext))
        {
            var status = ((IStatusCodeActionResult)context.Result).StatusCode!.Value;
            events.Record(
                RefusedRequests.Input,
                context.HttpContext,
                (SecurityEvents.InputValidationFail(NamesOf(context.ModelState)) with { Reason = "it could not be bound, or is not valid" }).With(EventFields.StatusCode, status));
        }
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }

    /// <summary>The names that the program has for its inputs; what a client chose (the keys of a dictionary) is left out.</summary>
    private static ImmutableArray<string> NamesOf(ModelStateDictionary state) =>
    [
        .. state.Where(entry => entry.Value?.ValidationState == ModelValidationState.Invalid)
            .Select(entry => NameOf(entry.Key))
            .Distinct(StringComparer.Ordinal)
            .Take(MostNames),
    ];

    private static string NameOf(string key)
    {
        var index = key.AsSpan().IndexOf('[');
        var name = index < 0 ? key : key[..index];
        return name.Length is 0 or > LongestName || name[0] == '$' ? "body" : name;
    }
}
