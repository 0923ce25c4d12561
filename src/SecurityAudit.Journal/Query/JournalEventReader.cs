using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>
/// Reads all logs of a journal directory as one stream of events in the order of time, also while they are written; logs that begin later
/// join in. Holds one line and one buffer of 256 KiB for each log, however long they are. Not safe for several threads.
/// </summary>
/// <remarks>
/// The order within a log is never changed: where its clock was set back, or a line has no time, lines come as they stand. Reads what a
/// <see cref="JournalReader"/> reads: lines whose identity, sequence and hash are right. Proof is the verifier's.
/// </remarks>
/// <param name="directory">A journal directory, or one log's.</param>
public sealed class JournalEventReader(string directory) : IDisposable
{
    /// <summary>A writer makes no more logs in a directory than this; who may write there could make any number.</summary>
    private const int MostLogs = 1000;

    private const int MostAdopted = 100;

    private readonly string _directory = directory ?? throw new ArgumentNullException(nameof(directory));
    private readonly List<OpenLog> _logs = [];
    private readonly PriorityQueue<OpenLog, (DateTimeOffset Time, int Number)> _next = new();
    private readonly List<AdoptedLines> _adopted = [];

    /// <summary>Lines that could not be read, or are gone, and were passed over.</summary>
    public long Skipped => _logs.Sum(log => log.Reader.Skipped);

    /// <summary>Whether there has been any log at all.</summary>
    public bool HasLogs => _logs.Count > 0;

    /// <summary>Logs that are not read because there are more than a writer makes: 1,000.</summary>
    public int LogsLeftOut { get; private set; }

    /// <summary>
    /// What the lines read so far say of others that nothing proves: the first hundred; <see cref="AdoptedCount"/> counts all.
    /// </summary>
    public IReadOnlyList<AdoptedLines> Adopted => _adopted;

    /// <summary>How often the lines read so far say that.</summary>
    public long AdoptedCount { get; private set; }

    /// <summary>
    /// The wanted events that are there now and were not given before. Ends at the present end: ask again for what comes.
    /// </summary>
    /// <param name="wanted">Which; every event, without the journal's own lines, when null.</param>
    /// <param name="cancellationToken">Ends the reading between two lines.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">A segment cannot be read; the next call tries again.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<JournalEvent> Read(EventFilter? wanted = null, CancellationToken cancellationToken = default)
    {
        wanted ??= new EventFilter();
        Join();
        foreach (var log in _logs)
        {
            Advance(log, wanted, cancellationToken);
        }

        while (_next.TryDequeue(out var log, out _))
        {
            var e = log.Head!;
            log.Head = null;
            yield return e;
            Advance(log, wanted, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var log in _logs)
        {
            log.Reader.Dispose();
        }
    }

    private void Join()
    {
        var known = _logs.Select(log => log.Directory).ToHashSet(StringComparer.Ordinal);
        var joining = JournalDirectory.Logs(_directory).Select(log => log.Directory).Where(log => !known.Contains(log)).ToList();
        var room = MostLogs - _logs.Count;
        LogsLeftOut = Math.Max(0, joining.Count - room);
        foreach (var path in joining.Take(room))
        {
            _logs.Add(new OpenLog(path, _logs.Count));
        }
    }

    /// <summary>Goes to the log's next wanted event, unless it stands at one that was not given yet.</summary>
    private void Advance(OpenLog log, EventFilter wanted, CancellationToken cancellationToken)
    {
        while (log.Head is null && log.Reader.TryRead(out var line))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var e = JournalEvent.Of(line);
            if (e.IsControl)
            {
                NoteAdoption(e);
            }

            if (wanted.Matches(e))
            {
                log.Head = e;
                _next.Enqueue(log, (e.Timestamp ?? DateTimeOffset.MinValue, log.Number)); // without a time: right behind the line before it
            }
        }
    }

    private void NoteAdoption(JournalEvent e)
    {
        if (e.Action != ControlAction.Recovered
            || !long.TryParse(e[JournalFields.From.Name], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !long.TryParse(e[JournalFields.To.Name], NumberStyles.None, CultureInfo.InvariantCulture, out var to))
        {
            return;
        }

        AdoptedCount++;
        if (_adopted.Count < MostAdopted)
        {
            _adopted.Add(new AdoptedLines(e.LogId, from, to));
        }
    }

    private sealed class OpenLog(string directory, int number)
    {
        public string Directory { get; } = directory;

        public int Number { get; } = number;

        public JournalReader Reader { get; } = new(directory);

        public JournalEvent? Head { get; set; }
    }
}
