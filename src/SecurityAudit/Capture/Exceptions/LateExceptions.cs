using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>
/// Exceptions of what the server calls when the pipeline is through, in <c>OnStarting</c> of an answer without a body. No middleware sees
/// them; the host tells its diagnostic listener of every exception that a request ended with.
/// </summary>
/// <remarks>
/// What <c>OnCompleted</c> throws the server writes into its log and tells nobody.
/// </remarks>
internal sealed class LateExceptions(ExceptionConclusion conclusion) : IHostEventObserver
{
    public string Event => "Microsoft.AspNetCore.Hosting.UnhandledException";

    public void Happened(object told)
    {
        if (Part(told, "httpContext") is HttpContext request && Part(told, "exception") is Exception exception)
        {
            conclusion.ThrewLate(request, exception);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The host keeps the public properties of what it tells; that they are there is tested.")]
    private static object? Part(object told, string name) => told.GetType().GetProperty(name)?.GetValue(told);
}
