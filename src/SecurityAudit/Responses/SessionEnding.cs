using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Recording;

namespace SecurityAudit.Responses;

/// <summary>Ends the sessions of the account that an alert names, in a scope of its own, and says so, or why not.</summary>
internal sealed class SessionEnding(
    IOptions<SecurityAuditOptions> options, IEnumerable<IAccountSessions> stores, IServiceScopeFactory scopes, SecurityRecorder recorder, HookFailures failures)
{
    private readonly IAccountSessions[] _stores = [.. stores];
    private readonly bool _isDryRun = options.Value.Response.DryRun;

    /// <exception cref="OperationCanceledException">The application stops.</exception>
    public async Task RespondAsync(AlertNotification alert, BoundedCalls calls, CancellationToken stoppingToken)
    {
        if (string.IsNullOrEmpty(alert.UserId))
        {
            recorder.TryRecord(SecurityEvents.ResponseWithheld(alert, ResponseKind.EndSessions, "the alert names no account's id"));
            return;
        }

        if (_stores.Length == 0)
        {
            recorder.TryRecord(SecurityEvents.ResponseWithheld(alert, ResponseKind.EndSessions, "the application has no ASP.NET Core Identity"));
            return;
        }

        if (_isDryRun)
        {
            recorder.TryRecord(SecurityEvents.ResponseDryRun(alert, ResponseKind.EndSessions));
            return;
        }

        string? wrong = null;
        var end = await calls.RunAsync("end_sessions", async _ => wrong = await EndAsync(alert), stoppingToken);
        if (end.Failure is { } failure)
        {
            failures.Failed("response", failure, "the end of sessions");
        }

        recorder.TryRecord((end.Reason ?? wrong) is { } failed
            ? SecurityEvents.ResponseFailed(alert, ResponseKind.EndSessions, failed)
            : SecurityEvents.ResponseSessionsEnded(alert));
    }

    private async Task<string?> EndAsync(AlertNotification alert)
    {
        await using var scope = scopes.CreateAsyncScope();
        List<IFoundAccount> found = [];
        foreach (var store in _stores)
        {
            if (await store.FindAsync(scope.ServiceProvider, alert.UserId!, alert.UserName) is { } account)
            {
                found.Add(account);
            }
        }

        return found switch
        {
            [] => "no account has that id and name",
            [var account] => await account.EndSessionsAsync(),
            _ => "accounts of several kinds have that id and name",
        };
    }
}
