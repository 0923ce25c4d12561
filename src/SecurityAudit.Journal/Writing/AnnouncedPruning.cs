namespace SecurityAudit.Journal;

/// <summary>
/// Segments past their time go in two steps: a line announces them, and they go only when a durable signature covers that line. Else a
/// crash would leave a loss that nothing explains.
/// </summary>
internal sealed class AnnouncedPruning(Retention retention, Intake intake)
{
    private long? _announcedIn;
    private (long Sequence, long Covered) _lastCheckpoint;

    public void Announce()
    {
        if (retention.Announce() is { } line)
        {
            _announcedIn = intake.AppendControl(line);
        }
    }

    /// <summary>A checkpoint over so many lines stands in this line, and will be durable with it.</summary>
    public void Signed(long sequence, long covered) => _lastCheckpoint = (sequence, covered);

    /// <summary>So many lines are durable.</summary>
    public void ExecuteIfSigned(long durable)
    {
        if (_announcedIn < _lastCheckpoint.Covered && _lastCheckpoint.Sequence < durable)
        {
            _announcedIn = null;
            retention.Execute();
        }
    }
}
