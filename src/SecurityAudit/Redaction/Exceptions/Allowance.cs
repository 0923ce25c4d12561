namespace SecurityAudit.Redaction.Exceptions;

/// <summary>So many at once, so many a second from then on: what makes the cost of a flood a number.</summary>
internal sealed class Allowance(TimeProvider time, int atOnce, int perSecond)
{
    private readonly Lock _gate = new();
    private double _left = atOnce;
    private long _counted = time.GetTimestamp();

    public bool TryTake()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(atOnce, _left + (time.GetElapsedTime(_counted, now).TotalSeconds * perSecond));
            _counted = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
