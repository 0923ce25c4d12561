namespace SecurityAudit.Journal;

/// <summary>
/// Writes one log of a journal. <see cref="Append"/> gives a line its place and returns; <see cref="FlushAsync(CancellationToken)"/>
/// completes when the line is on disk, many at a time with one fsync. Safe for any number of threads.
/// </summary>
public sealed class JournalWriter : IAsyncDisposable, IDisposable
{
    private readonly OpenedLog _log;
    private readonly Intake _intake;
    private readonly CommitLoop _loop;
    private readonly HealthBoard _health;
    private readonly JournalKeys _keys;
    private int _disposed;

    private JournalWriter(OpenedLog log, JournalOptions options, JournalKeys keys, HealthBoard health, IDisk disk)
    {
        _log = log;
        _health = health;
        _keys = keys;
        _intake = new Intake(this, log.Id, log.End.Tree, options, health, () => _loop!.Wake());
        _loop = new CommitLoop(
            new CommitParts
            {
                Directory = log.Directory,
                Intake = _intake,
                Segments = new SegmentChain(log.Directory, disk, options, () => Restore(log, keys)),
                Checkpoints = new CheckpointSchedule($"{options.Origin}/{log.Id}", keys.Signer, options, health),
                Anchors = log.Anchors,
                Retention = new Retention(log.Directory, disk, log.Anchors, options, health),
                Space = new SpaceWatch(log.Directory, disk, options, health),
                Health = health,
                Header = before => ControlPayload.Opened(
                    options.TimeProvider.GetUtcNow(), before, keys.Signer.Key, LogAddress.Of(log.Directory), Environment.ProcessId, options.CheckpointInterval),
            },
            options,
            ended: Release);
    }

    /// <summary>The random name of this log, in each of its lines.</summary>
    public string Id => _log.Id;

    /// <summary>The key that verifies what this writer signs: keep it where whoever can write the journal cannot.</summary>
    public VerifierKey Key => _keys.Signer.Key;

    /// <summary>The directory that holds this log's segments.</summary>
    public string LogDirectory => _log.Directory;

    /// <summary>The lines appended so far, which is also the next sequence number.</summary>
    public long Size => _intake.Size;

    /// <summary>The lines that survive a power cut.</summary>
    public long DurableSize => _intake.Durability.Size;

    /// <summary>How the journal stands.</summary>
    public JournalHealth Health => _health.Current(_intake.Dropped);

    /// <summary>
    /// False from the moment on that a line could not be made durable, or the writer was closed, until one can be again, which the writer
    /// tries by itself whether anybody appends or not. One volatile read: cheap enough to be asked before each thing that must not happen
    /// unrecorded.
    /// </summary>
    public bool IsAvailable => _intake.IsAvailable;

    /// <summary>
    /// Opens the journal in a directory, which is created when it does not exist: mends what a crash has left, takes the first log that no
    /// other process writes, and begins a segment.
    /// </summary>
    /// <exception cref="JournalException">It cannot be written; the message says what was found, what was expected and what to
    /// do.</exception>
    public static JournalWriter Open(string directory, JournalOptions? options = null) => Open(directory, options ?? new JournalOptions(), Disk.Instance);

    internal static JournalWriter Open(string directory, JournalOptions options, IDisk disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        JournalOptionsCheck.Check(options);
        var health = new HealthBoard(options.OnNotice);
        JournalKeys? keys = null;
        OpenedLog? log = null;
        JournalWriter? writer = null;
        try
        {
            JournalPlace.Prepare(directory, options);
            keys = JournalKeys.Open(directory, options, health);
            log = new LogOpening(directory, options, keys.Signer, health).Open();
            writer = new JournalWriter(log, options, keys, health, disk);
            writer._loop.Start([.. log.OpeningLines(options.TimeProvider.GetUtcNow()), .. keys.ChangeLines(log)]);
            return writer;
        }
        catch (Exception e)
        {
            writer?._intake.Dispose();
            writer?._loop.Dispose();
            log?.Lock.Dispose();
            keys?.Dispose();
            if (e is UnauthorizedAccessException || (e is IOException && e is not JournalException))
            {
                throw JournalPlace.Explain(directory, e);
            }

            throw;
        }
    }

    /// <summary>
    /// Takes one JSON object in UTF-8, on one line, as the next line of the log, and returns its sequence number. Returns when the line is
    /// in memory; it is on disk within <see cref="JournalOptions.FlushInterval"/>, or when
    /// <see cref="FlushAsync(long, CancellationToken)"/> says so. Waits, for at most <see cref="JournalOptions.WaitTimeout"/>, only when
    /// the buffer is full.
    /// </summary>
    /// <param name="json">The object. Its bytes are copied.</param>
    /// <param name="critical">Written and signed at once, not with the next checkpoint.</param>
    /// <returns>The sequence number; -1 when the line was dropped (<see cref="JournalFailureMode.Continue"/>), which is counted and
    /// recorded.</returns>
    /// <exception cref="ArgumentException">It is not an object on one line, is longer than a line can be, or claims what only the journal
    /// says, in any place: <c>journal.id</c>, <c>event.sequence</c>, <c>event.hash</c>, an <c>event.action</c> that begins with
    /// <c>journal.</c>.</exception>
    /// <exception cref="JournalUnavailableException">The journal cannot take it and the failure mode is
    /// <see cref="JournalFailureMode.Refuse"/>.</exception>
    public long Append(ReadOnlySpan<byte> json, bool critical = false) => _intake.Append(json, critical);

    /// <summary>
    /// Counts one line that was refused (<see cref="JournalFailureMode.Refuse"/>) though what it says has happened: it goes into
    /// <c>journal.gap</c> as soon as the journal can be written again, and into <see cref="JournalHealth.Dropped"/>. Does nothing on a
    /// writer that was closed.
    /// </summary>
    public void CountLost() => _intake.CountLost();

    /// <summary>
    /// Counts lines that were lost before this writer was open, and records them as <c>journal.gap</c> before the next line.
    /// </summary>
    internal void AppendGap(long dropped, DateTimeOffset since, string reason) => _intake.TakeOver(dropped, since, reason);

    /// <summary>Completes when every line appended so far is on disk.</summary>
    /// <exception cref="JournalUnavailableException">It could not be done, or not within
    /// <see cref="JournalOptions.WaitTimeout"/>.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _intake.Durability.FlushAsync(_intake.Size - 1, cancellationToken);

    /// <summary>Completes when the line with this sequence number is on disk.</summary>
    /// <exception cref="JournalUnavailableException">It could not be done, or not within
    /// <see cref="JournalOptions.WaitTimeout"/>.</exception>
    public ValueTask FlushAsync(long sequence, CancellationToken cancellationToken = default) => _intake.Durability.FlushAsync(sequence, cancellationToken);

    /// <summary>
    /// Completes with <see cref="DurableSize"/> once it is greater than <paramref name="beyond"/>: how a follower in the process waits.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The writer was closed and there will be no more.</exception>
    public ValueTask<long> WaitForDurableAsync(long beyond, CancellationToken cancellationToken = default) =>
        _intake.Durability.WaitAsync(beyond, cancellationToken);

    /// <summary>
    /// Writes what is in memory, <c>journal.closed</c> and a last checkpoint, and gives the log free. Takes at most about
    /// <see cref="JournalOptions.WaitTimeout"/>, and as long again for anchors; what could not be written in that time is lost and said.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        var isClosed = _loop.Close();
        if (!isClosed || _intake.Durability.Size < _intake.Size)
        {
            _health.Say(JournalNoticeKind.Failed, $"The journal in '{LogDirectory}' was closed with {_intake.Size - _intake.Durability.Size} lines that did not reach the disk.");
        }

        _intake.Dispose();
        _loop.Dispose();
        _log.Anchors.Finish();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    /// <summary>
    /// Somebody removed the directory of a log that is written: it comes back, with the lock and the key, before the lines do.
    /// </summary>
    private static void Restore(OpenedLog log, JournalKeys keys)
    {
        if (log.Lock.IsThere)
        {
            return;
        }

        Disk.CreateDirectory(log.Directory);
        log.Lock.Retake();
        keys.Restore();
    }

    /// <summary>Only when nothing writes any more, however late, may another writer have the log.</summary>
    private void Release()
    {
        _log.Lock.Dispose();
        _keys.Dispose();
    }
}
