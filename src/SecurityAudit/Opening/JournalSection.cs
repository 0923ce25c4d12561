using SecurityAudit.Configuration;
using SecurityAudit.Journal;

namespace SecurityAudit.Opening;

/// <summary>Reads the section <c>Journal</c>.</summary>
internal static class JournalSection
{
    public static void Read(SectionReader section, AuditJournalOptions journal)
    {
        section.Text(nameof(journal.Directory), value => journal.Directory = value);
        section.Text(nameof(journal.AnchorDirectory), value => journal.AnchorDirectory = value);
        section.Enumeration<JournalFailureMode>(nameof(journal.FailureMode), value => journal.FailureMode = value);
        section.Value<long>(nameof(journal.MaxSegmentBytes), value => journal.MaxSegmentBytes = value);
        section.Value<TimeSpan>(nameof(journal.MaxSegmentAge), value => journal.MaxSegmentAge = value);
        section.Value<TimeSpan>(nameof(journal.WaitTimeout), value => journal.WaitTimeout = value);
        section.Value<int>(nameof(journal.BufferBytes), value => journal.BufferBytes = value);
        section.Value<TimeSpan>(nameof(journal.FlushInterval), value => journal.FlushInterval = value);
        section.Value<TimeSpan>(nameof(journal.CheckpointInterval), value => journal.CheckpointInterval = value);
        section.Value<TimeSpan>(nameof(journal.HeartbeatInterval), value => journal.HeartbeatInterval = value);
        section.Value<bool>(nameof(journal.PruneUnsettled), value => journal.PruneUnsettled = value);
        section.Text(nameof(journal.Origin), value => journal.Origin = value);
        section.Value<TimeSpan>(nameof(journal.Retention), value => journal.Retention = value);
        section.Value<long>(nameof(journal.WarnFreeBytes), value => journal.WarnFreeBytes = value);
        section.Value<long>(nameof(journal.CriticalFreeBytes), value => journal.CriticalFreeBytes = value);
        section.Value<long>(nameof(journal.ReserveBytes), value => journal.ReserveBytes = value);
        section.Value<bool>(nameof(journal.AllowNetworkFileSystem), value => journal.AllowNetworkFileSystem = value);
        section.End();
    }
}
