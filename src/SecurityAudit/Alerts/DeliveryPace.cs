namespace SecurityAudit.Alerts;

/// <summary>
/// So many messages in a minute and no more; after a digest, none for the rest of a minute: what comes meanwhile goes together.
/// </summary>
internal sealed class DeliveryPace(int mostMessages)
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Queue<TimeSpan> _sent = new();
    private TimeSpan _quietUntil;

    /// <summary>How long the next message has to wait; zero or less when it need not.</summary>
    /// <param name="now">The time since any fixed moment, by a clock that nobody sets.</param>
    public TimeSpan Wait(TimeSpan now)
    {
        while (_sent.TryPeek(out var oldest) && now - oldest >= Period)
        {
            _sent.Dequeue();
        }

        var room = _sent.Count >= mostMessages ? _sent.Peek() + Period : TimeSpan.Zero;
        return (room > _quietUntil ? room : _quietUntil) - now;
    }

    public void Sent(TimeSpan now, bool isDigest)
    {
        _sent.Enqueue(now);
        if (isDigest)
        {
            _quietUntil = now + Period;
        }
    }
}
