using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>The segment being written, and its successor when it is full, old or broken. Used by the commit loop alone.</summary>
/// <param name="directory">Where the segments are.</param>
/// <param name="disk">The file system.</param>
/// <param name="options">When a segment is full.</param>
/// <param name="restore">Makes sure, before a segment takes the place of a broken one, that the directory is still there and this
/// writer's.</param>
internal sealed class SegmentChain(string directory, IDisk disk, JournalOptions options, Action restore) : IDisposable
{
    /// <summary>
    /// So much is reserved at a time: enough to see a full volume before the first line, little enough for small volumes.
    /// </summary>
    private const long Preallocated = 4 * 1024 * 1024;

    private IDiskFile? _file;
    private string _path = "";
    private long _length;
    private long _began;
    private bool _isStopgap;
    private bool _isAltered;

    /// <summary>Should the next line begin a new segment?</summary>
    public bool IsDue => _isStopgap || _length >= options.MaxSegmentBytes || Age >= options.MaxSegmentAge;

    public TimeSpan UntilDue => options.MaxSegmentAge - Age;

    private TimeSpan Age => options.TimeProvider.GetElapsedTime(_began);

    /// <summary>Writes a batch durably: into a segment of its own if it begins with a header, otherwise behind what is there.</summary>
    public void Append(LineBuffer batch)
    {
        if (batch.BeginsSegment)
        {
            Close();
            Create(batch.First, Math.Min(Preallocated, options.MaxSegmentBytes));
        }

        Write(batch.Bytes);
    }

    /// <summary>
    /// Gives the segment up after an error and writes the batch durably to a new one. A batch without a header makes a stopgap: the
    /// verifier reads it behind the segment before, and a proper segment follows at once.
    /// </summary>
    public void Replace(LineBuffer batch)
    {
        GiveUp();
        restore();
        Create(batch.First, preallocate: 0); // the volume may be full: the reserve must suffice
        _isStopgap = !batch.BeginsSegment;
        Write(batch.Bytes);
    }

    /// <summary>
    /// Leaves a broken segment behind, cut to what is durable. One that somebody else altered is evidence and stays as it is.
    /// </summary>
    public void GiveUp()
    {
        if (_file is not null)
        {
            if (!_isAltered)
            {
                CutBestEffort();
            }

            _file.Dispose();
            _file = null;
        }

        // Nothing in such a file was acknowledged, all of it is still in memory, and its name is needed.
        if (_length == 0 && _path.Length > 0)
        {
            disk.Delete(_path);
        }
    }

    public void Dispose() => Close();

    private void Create(long first, long preallocate)
    {
        _path = Path.Combine(directory, JournalSegment.NameOf(first));
        _length = 0;
        _isStopgap = _isAltered = false;
        _began = options.TimeProvider.GetTimestamp();
        _file = disk.Create(_path, preallocate);
        disk.SyncDirectory(directory);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        ExpectAtPath(_length); // before: writing would fill the hole of a file that was cut, and cover what was appended
        _file!.Write(bytes, _length);
        _file.Sync();
        ExpectAtPath(_length + bytes.Length); // after: fsync of a file that was removed succeeds
        _length += bytes.Length;
    }

    private void ExpectAtPath(long expected)
    {
        var length = _file!.LengthAtPath();
        if (length == expected)
        {
            return;
        }

        _isAltered = true;
        var found = length < 0 ? "has disappeared" : string.Create(CultureInfo.InvariantCulture, $"has {length} bytes");
        throw new SegmentAlteredException(string.Create(CultureInfo.InvariantCulture,
            $"Segment '{_path}' {found}, expected {expected} bytes: something else than this writer removed, replaced, cut or wrote to it. Find out who; "
            + $"the acknowledged lines in it are only as safe as what is left of it."));
    }

    private void CutBestEffort()
    {
        try
        {
            _file!.Truncate(_length);
        }
        catch (IOException)
        {
            // What stands behind the durable end is not acknowledged and will be read as the torn end that it is.
        }
    }

    private void Close()
    {
        if (_file is null)
        {
            return;
        }

        _file.Truncate(_length); // gives the preallocated blocks back
        _file.Dispose();
        _file = null;
    }
}
