using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Reconciliation;

/// <summary>
/// Holds what the framework's meters count of a request against what the journal took of it: request by request, so that an event too many
/// in one does not hide one too few in another. Safe for any thread; never throws.
/// </summary>
internal sealed class RequestTallies(CurrentRequest requests, JournalGate gate) : IMeterObserver, IEventObserver
{
    private readonly Differences _differences = new();

    public bool Observes(Instrument instrument) => Counters.Observes(instrument);

    public void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Counters.KindOf(instrument, tags) is { } kind)
        {
            Count(kind);
        }
    }

    public void Observe(SecurityEvent recorded)
    {
        CountedKind? kind = recorded.Action switch
        {
            "authn_login_success" or "authn_login_successafterfail" => CountedKind.SignIn,
            "authn_login_fail" or "authn_mfa_fail" => CountedKind.SignInFailure,
            "authn_mfa_challenge" => CountedKind.SecondFactor,
            "session_created" or "session_renewed" or "authn_token_created" or "authn_impersonation_start" => CountedKind.Session,
            "authz_fail" => CountedKind.Forbidden,
            "app_exception" => CountedKind.Exception,
            "excess_rate_limit_exceeded" => CountedKind.RateLimit,
            _ => null,
        };
        if (kind is { } counted && Tally() is { } found)
        {
            found.Tally.Record(counted);
        }
    }

    /// <summary>How many requests that have ended wait for what may still be recorded.</summary>
    public int Waiting => _differences.Waiting;

    /// <inheritdoc cref="Differences.Settle"/>
    public IReadOnlyList<Difference> Settle(bool isLast) => _differences.Settle(isLast);

    // Of its own: what it captures is made when it is called, which is not for each measurement.
    private void Count(CountedKind kind)
    {
        if (Tally() is not var (request, tally))
        {
            return;
        }

        tally.Count(kind);
        if (tally.BeginsToCount())
        {
            request.Response.OnCompleted(() =>
            {
                // What was begun in a request that is refused did not happen, and is not recorded.
                if (!gate.Refuses || request.Response.StatusCode != StatusCodes.Status503ServiceUnavailable)
                {
                    _differences.Ended(tally);
                }

                return Task.CompletedTask;
            });
        }
    }

    private (HttpContext Request, RequestTally Tally)? Tally()
    {
        // What became a WebSocket has its end hours away, and hooks know nothing of it.
        if (requests.Context is not { } request)
        {
            return null;
        }

        try
        {
            return request.Response.StatusCode == StatusCodes.Status101SwitchingProtocols ? null : (request, RequestEvidence.Of<RequestTally>(request));
        }
        catch (ObjectDisposedException)
        {
            return null; // it ended this moment: what is counted or recorded behind it is nobody's
        }
    }
}
