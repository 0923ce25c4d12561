namespace SecurityAudit.Journal;

/// <summary>An anchor made of two functions.</summary>
/// <param name="name">Its name in messages.</param>
/// <param name="latest">Gives the newest checkpoint for an origin, null when none.</param>
/// <param name="publish">Remembers a checkpoint.</param>
public sealed class DelegateAnchor(
    string name,
    Func<string, CancellationToken, ValueTask<Checkpoint?>> latest,
    Func<Checkpoint, CancellationToken, ValueTask> publish) : ICheckpointAnchor
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ValueTask<Checkpoint?> LatestAsync(string origin, CancellationToken cancellationToken) => latest(origin, cancellationToken);

    /// <inheritdoc/>
    public ValueTask PublishAsync(Checkpoint checkpoint, CancellationToken cancellationToken) => publish(checkpoint, cancellationToken);
}
