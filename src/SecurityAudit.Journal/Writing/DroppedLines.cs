using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>
/// The lines that could not be recorded: a count, never the lines. Used under the intake's lock, but for <see cref="InAll"/>.
/// </summary>
internal sealed class DroppedLines
{
    private long _inAll;
    private long _count;
    private DateTimeOffset _since;
    private string _reason = "";

    /// <summary>How many since the writer was opened.</summary>
    public long InAll => Volatile.Read(ref _inAll);

    /// <summary>Counts further ones; those that no gap stands for yet keep the moment and the reason of the first.</summary>
    public void Add(long lines, DateTimeOffset since, string reason)
    {
        if (_count == 0)
        {
            (_since, _reason) = (since, reason);
        }

        _count += lines;
        Volatile.Write(ref _inAll, _inAll + lines);
    }

    /// <summary>Are there any for which no gap stands yet?</summary>
    public bool AreThere => _count > 0;

    /// <summary>The line that stands in their place, and what to say of it.</summary>
    public (byte[] Gap, string Message) Take(DateTimeOffset now)
    {
        var taken = (ControlPayload.Gap(now, _count, _since, now, _reason), string.Create(CultureInfo.InvariantCulture,
            $"{_count} lines could not be recorded since {_since:O}: {_reason} The journal is writable again and has a journal.gap line in their place."));
        _count = 0;
        return taken;
    }
}
