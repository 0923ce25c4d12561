namespace SecurityAudit.Shipping;

/// <summary>
/// How long to wait before the next try: short while the destination is out of reach or overloaded, long while somebody has to look.
/// </summary>
internal sealed class RetryDelays(ShippingOptions options, TimeProvider time, Func<double> random)
{
    private static readonly TimeSpan PauseFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseLast = TimeSpan.FromMinutes(2);

    private readonly Backoff _backoff = new(options.MinBackoff, options.MaxBackoff, random);
    private readonly Backoff _pause = new(Shorter(PauseFirst, options.MaxBackoff), Shorter(PauseLast, options.MaxBackoff), random);

    public Task RetryAsync(TimeSpan? asked, CancellationToken cancellationToken) => Task.Delay(_backoff.Next(asked), time, cancellationToken);

    public Task PauseAsync(TimeSpan? asked, CancellationToken cancellationToken) => Task.Delay(_pause.Next(asked), time, cancellationToken);

    public void Reset()
    {
        _backoff.Reset();
        _pause.Reset();
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
