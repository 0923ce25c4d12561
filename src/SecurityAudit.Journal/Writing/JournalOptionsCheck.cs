using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>Looks over the options; every fault goes into one message. The ranges are those of the options' documentation.</summary>
internal static class JournalOptionsCheck
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <exception cref="JournalException">At least one option is out of its range.</exception>
    public static void Check(JournalOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
        {
            throw new JournalException("The journal's options cannot be used. " + string.Join(' ', faults));
        }
    }

    /// <summary>What is wrong, one sentence each, that begins with the option's name.</summary>
    public static IEnumerable<string> Faults(JournalOptions options)
    {
        string?[] faults =
        [
            Range(nameof(options.MaxSegmentBytes), options.MaxSegmentBytes, 4096, 1024L * 1024 * 1024),
            Range(nameof(options.BufferBytes), options.BufferBytes, 256 * 1024, 512 * 1024 * 1024),
            Range(nameof(options.MaxSegmentAge), options.MaxSegmentAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)),
            Range(nameof(options.WaitTimeout), options.WaitTimeout, Shortest, TimeSpan.FromMinutes(10)),
            Range(nameof(options.FlushInterval), options.FlushInterval, Shortest, TimeSpan.FromHours(1)),
            Range(nameof(options.CheckpointInterval), options.CheckpointInterval, Shortest, TimeSpan.FromDays(1)),
            Range(nameof(options.HeartbeatInterval), options.HeartbeatInterval, Shortest, TimeSpan.FromDays(1)),
            Range(nameof(options.Retention), options.Retention ?? TimeSpan.FromDays(1), Shortest, TimeSpan.FromDays(36_600)),
            Range(nameof(options.WarnFreeBytes), options.WarnFreeBytes, 0, long.MaxValue),
            Range(nameof(options.CriticalFreeBytes), options.CriticalFreeBytes, 0, long.MaxValue),
            Range(nameof(options.ReserveBytes), options.ReserveBytes, 0, long.MaxValue),
            SignedNote.IsKeyName(options.Origin) ? null : $"Origin is '{options.Origin}', expected a name without spaces, plus signs and control characters.",
            options.Retention is null || options.Anchors.Count > 0
                ? null
                : "Retention is set, expected at least one anchor with it: without one, a removed segment cannot be told from a stolen one.",
            Enum.IsDefined(options.FailureMode) ? null : $"FailureMode is {options.FailureMode}, expected Continue or Refuse.",
        ];
        return faults.OfType<string>();
    }

    private static string? Range<T>(string name, T value, T least, T most)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, expected {least} to {most}.")
            : null;
}
