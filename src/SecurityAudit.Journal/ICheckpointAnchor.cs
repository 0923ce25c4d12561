namespace SecurityAudit.Journal;

/// <summary>
/// A place outside the journal's directory that remembers checkpoints: it betrays a journal that was cut, rolled back or removed. A failure
/// of any kind is taken as temporary: the journal goes on, says so, and publishes the next checkpoint.
/// </summary>
public interface ICheckpointAnchor
{
    /// <summary>Its name in messages.</summary>
    string Name { get; }

    /// <summary>The newest checkpoint that it has for this origin, null when none. Asked once, when the journal is opened.</summary>
    ValueTask<Checkpoint?> LatestAsync(string origin, CancellationToken cancellationToken);

    /// <summary>Remembers a checkpoint. Called for one checkpoint at a time, the newest; those in between may be left out.</summary>
    ValueTask PublishAsync(Checkpoint checkpoint, CancellationToken cancellationToken);
}
