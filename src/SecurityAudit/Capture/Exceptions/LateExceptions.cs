using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>
/// Exceptions of what the server calls when the pipeline is through, in <c>OnStarting</c> of an answer without a body. No middleware sees
/// them; the host tells its diagnostic listener of every exception that a request ended with.
/// </summary>
/// <remarks>
/// Begins to listen when the pipeline is built, which is before the server takes its first request. What <c>OnCompleted</c> throws the server
/// writes into its log and tells nobody.
/// </remarks>
internal sealed class LateExceptions : IStartupFilter, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Unhandled = "Microsoft.AspNetCore.Hosting.UnhandledException";

    private readonly ExceptionConclusion _conclusion;
    private readonly HookFailures _failures;
    private readonly IDisposable? _subscription;

    public LateExceptions(IServiceProvider services, ExceptionConclusion conclusion, HookFailures failures)
    {
        (_conclusion, _failures) = (conclusion, failures);
        // Of this host alone. A host without a web server has none.
        _subscription = services.GetService<DiagnosticListener>()?.Subscribe(this, static name => string.Equals(name, Unhandled, StringComparison.Ordinal));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => next;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (!string.Equals(value.Key, Unhandled, StringComparison.Ordinal) || value.Value is not { } told)
        {
            return;
        }

        try
        {
            if (Part(told, "httpContext") is HttpContext request && Part(told, "exception") is Exception exception)
            {
                _conclusion.ThrewLate(request, exception);
            }
        }
        catch (Exception failure)
        {
            // What is thrown here, a refusal too, would reach the server's own handling of the connection.
            _failures.Failed(this, failure);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription?.Dispose();

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The host keeps the public properties of what it tells; that they are there is tested.")]
    private static object? Part(object told, string name) => told.GetType().GetProperty(name)?.GetValue(told);
}
