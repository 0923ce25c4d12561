using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Recording;

namespace SecurityAudit.Responses;

/// <summary>
/// Blocks the source of an alert for a time, and says so: when it begins, what it refused, when it is over. Safe for any thread.
/// </summary>
internal sealed class SourceBlocking(
    IOptions<SecurityAuditOptions> options, BlockedSources blocked, ForwardedSources forwarded, UnblockedSources unblocked, SecurityRecorder recorder, TimeProvider time)
{
    private readonly BlockSourceOptions _options = options.Value.Response.BlockSource;
    private readonly bool _isDryRun = options.Value.Response.DryRun;

    public int StatusCode => _options.StatusCode;

    /// <summary>The block of whoever sent the request; null for anybody else, and for an address that is never blocked.</summary>
    public SourceBlock? Find(HttpContext request) =>
        forwarded.Of(request) is { } address && blocked.Find(SourceNetwork.Of(address)) is { } block && unblocked.ReasonFor(address) is null ? block : null;

    /// <summary>Does what the alert calls for, or says why not.</summary>
    public void Respond(AlertNotification alert)
    {
        var until = alert.Timestamp + _options.Duration;
        if (Rest(until) is not { } rest)
        {
            return; // an alert of long ago
        }

        if (!IPAddress.TryParse(alert.SourceAddress, out var address))
        {
            recorder.TryRecord(SecurityEvents.ResponseWithheld(alert, ResponseKind.BlockSource, "the alert has no address"));
        }
        else if (unblocked.ReasonFor(address) is { } reason)
        {
            recorder.TryRecord(SecurityEvents.ResponseWithheld(alert, ResponseKind.BlockSource, reason));
        }
        else if (_isDryRun)
        {
            recorder.TryRecord(SecurityEvents.ResponseDryRun(alert, ResponseKind.BlockSource));
        }
        else
        {
            switch (blocked.Start(SourceNetwork.Of(address), alert, until, rest))
            {
                case true:
                    recorder.TryRecord(SecurityEvents.ResponseBlockStarted(alert, until, StatusCode));
                    break;
                case null:
                    recorder.TryRecord(SecurityEvents.ResponseWithheld(alert, ResponseKind.BlockSource, $"{BlockedSources.Most} sources are blocked already"));
                    break;
                default:
                    break; // blocked as long already, by an alert that is on record
            }
        }
    }

    /// <summary>A block that the journal has goes on after a restart, until the same moment as before; one that may not is over.</summary>
    public void Restore(AlertNotification alert, DateTimeOffset until)
    {
        if (Rest(until) is not { } rest || !IPAddress.TryParse(alert.SourceAddress, out var address))
        {
            recorder.TryRecord(SecurityEvents.ResponseBlockEnded(alert, until, requests: null));
        }
        else if (unblocked.ReasonFor(address) is { } reason)
        {
            recorder.TryRecord(SecurityEvents.ResponseBlockEnded(alert, until, requests: null) with { Reason = reason });
        }
        else if (blocked.Start(SourceNetwork.Of(address), alert, until, rest) is null)
        {
            recorder.TryRecord(SecurityEvents.ResponseBlockEnded(alert, until, requests: null) with { Reason = $"{BlockedSources.Most} sources are blocked already" });
        }
    }

    /// <summary>Says what is over.</summary>
    public void End()
    {
        foreach (var block in blocked.TakeOver())
        {
            recorder.TryRecord(SecurityEvents.ResponseBlockEnded(block.Alert, block.Until, block.Requests));
        }
    }

    /// <summary>Says what was refused since this was said last, one event a source.</summary>
    public void SumUp()
    {
        foreach (var block in blocked.Running)
        {
            if (block.TakeRequests() is var requests and > 0)
            {
                recorder.TryRecord(SecurityEvents.ResponseRequestsBlocked(block.Alert, block.Until, requests));
            }
        }
    }

    /// <summary>How long until then, never longer than any block is, wherever the machine's clock was set; null where it is over.</summary>
    private TimeSpan? Rest(DateTimeOffset until) => until - time.GetUtcNow() is { Ticks: > 0 } rest
        ? TimeSpan.FromTicks(long.Min(rest.Ticks, _options.Duration.Ticks))
        : null;
}
