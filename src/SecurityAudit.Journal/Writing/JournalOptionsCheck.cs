namespace SecurityAudit.Journal;

/// <summary>Looks over the options; every fault goes into one message.</summary>
internal static class JournalOptionsCheck
{
    private const long MaxSegment = 1024 * 1024 * 1024;
    private const int MinBuffer = 256 * 1024;
    private const int MaxBuffer = 512 * 1024 * 1024;

    /// <exception cref="JournalException">At least one option is out of its range.</exception>
    public static void Check(JournalOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
            throw new JournalException("The journal's options cannot be used. " + string.Join(' ', faults));
    }

    private static IEnumerable<string> Faults(JournalOptions options)
    {
        if (options.MaxSegmentBytes is < 4096 or > MaxSegment)
            yield return $"MaxSegmentBytes is {options.MaxSegmentBytes}, expected 4096 to {MaxSegment}: the last segment is read into memory after a crash.";
        if (options.BufferBytes is < MinBuffer or > MaxBuffer)
            yield return $"BufferBytes is {options.BufferBytes}, expected {MinBuffer} to {MaxBuffer}.";
        foreach (var (name, value) in Times(options))
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(400 * 365))
                yield return $"{name} is {value}, expected a time above zero.";
        }

        if (options.WaitTimeout > TimeSpan.FromDays(1))
            yield return $"WaitTimeout is {options.WaitTimeout}, expected at most a day.";
        if (options.WarnFreeBytes < 0 || options.CriticalFreeBytes < 0 || options.ReserveBytes < 0)
            yield return $"WarnFreeBytes, CriticalFreeBytes and ReserveBytes are {options.WarnFreeBytes}, {options.CriticalFreeBytes} and {options.ReserveBytes}, expected none below zero.";
        if (!SignedNote.IsKeyName(options.Origin))
            yield return $"Origin is '{options.Origin}', expected a name without spaces, plus signs and control characters.";
        if (options.Retention is not null && options.Anchors.Count == 0)
            yield return "Retention is set, expected at least one anchor with it: without one, a removed segment cannot be told from a stolen one.";
        if (!Enum.IsDefined(options.FailureMode))
            yield return $"FailureMode is {options.FailureMode}, expected Continue or Refuse.";
    }

    private static IEnumerable<(string Name, TimeSpan Value)> Times(JournalOptions options) =>
    [
        (nameof(options.MaxSegmentAge), options.MaxSegmentAge),
        (nameof(options.WaitTimeout), options.WaitTimeout),
        (nameof(options.FlushInterval), options.FlushInterval),
        (nameof(options.CheckpointInterval), options.CheckpointInterval),
        (nameof(options.HeartbeatInterval), options.HeartbeatInterval),
        (nameof(options.Retention), options.Retention ?? options.MaxSegmentAge),
    ];
}
