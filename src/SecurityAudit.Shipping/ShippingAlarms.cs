using System.Collections.Concurrent;
using System.Globalization;

namespace SecurityAudit.Shipping;

/// <summary>Decides what of shipping's notices and silences an auditor should know. Safe for any thread.</summary>
/// <param name="destination">The destination's name, for people.</param>
/// <param name="stalledAfter">So long may it stand still while lines wait.</param>
/// <param name="time">The clock.</param>
/// <param name="raise">Hears each alarm.</param>
internal sealed class ShippingAlarms(string destination, TimeSpan stalledAfter, TimeProvider time, Action<ShippingAlarm> raise)
{
    /// <summary>An event about a refused event could be refused too: the chain must not grow by itself.</summary>
    private static readonly TimeSpan SameAgainAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ShippingNoticeKind, DateTimeOffset> _raised = new();
    private DateTimeOffset? _standingSince;
    private bool _stalled;

    /// <summary>Is shipping standing still for longer than allowed?</summary>
    public bool IsStalled => Volatile.Read(ref _stalled);

    public void Notice(ShippingNotice notice)
    {
        if (AlarmOf(notice) is not { } alarm)
        {
            return;
        }

        var now = time.GetUtcNow();
        if (_raised.TryGetValue(notice.Kind, out var last) && now - last < SameAgainAfter)
        {
            return;
        }

        _raised[notice.Kind] = now;
        raise(alarm);
    }

    /// <summary>Looks whether a log gets on.</summary>
    public void Watch(ShippingRecord record, ShippingProgress progress)
    {
        if (progress.Oldest is null || time.GetUtcNow() - progress.At < stalledAfter)
        {
            Resumed();
        }
        else
        {
            Stalled(progress.At, record.LastAnswer ?? "no answer yet");
        }
    }

    /// <summary>There is not even a destination to speak of.</summary>
    public void Standing(string problem)
    {
        _standingSince ??= time.GetUtcNow();
        if (time.GetUtcNow() - _standingSince >= stalledAfter)
        {
            Stalled(_standingSince.Value, problem);
        }
    }

    private static ShippingAlarm? AlarmOf(ShippingNotice notice) => notice.Kind switch
    {
        ShippingNoticeKind.DeadLetter or ShippingNoticeKind.Redirected => new("audit_shipping_refused", ShippingSeverity.Medium, notice.Message),
        ShippingNoticeKind.Doubtful => new("audit_shipping_doubtful", ShippingSeverity.Medium, notice.Message),
        ShippingNoticeKind.Skipped => new("audit_shipping_gap", ShippingSeverity.High, notice.Message),
        ShippingNoticeKind.Fork => new("audit_tampered", ShippingSeverity.Critical, notice.Message),
        _ => null,
    };

    private void Stalled(DateTimeOffset since, string problem)
    {
        if (IsStalled)
        {
            return;
        }

        Volatile.Write(ref _stalled, true);
        raise(new ShippingAlarm(
            "audit_shipping_stalled", ShippingSeverity.High,
            string.Create(CultureInfo.InvariantCulture, $"No event has reached {destination} since {since:u}: {problem}")));
    }

    private void Resumed()
    {
        _standingSince = null;
        if (!IsStalled)
        {
            return;
        }

        Volatile.Write(ref _stalled, false);
        raise(new ShippingAlarm("audit_shipping_resumed", ShippingSeverity.Low, $"Events reach {destination} again."));
    }
}
