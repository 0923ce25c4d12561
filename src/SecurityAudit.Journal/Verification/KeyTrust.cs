namespace SecurityAudit.Journal;

/// <summary>Which keys may sign a log's checkpoints at the current line.</summary>
internal sealed class KeyTrust(IEnumerable<VerifierKey> pinned)
{
    private readonly List<VerifierKey> _pinned = [.. pinned];
    private readonly HashSet<VerifierKey> _everTrusted = [.. pinned];
    private List<VerifierKey> _trusted = [.. pinned];

    public bool IsPinned => _pinned.Count > 0;

    /// <summary>The key that signed last, else the one that is believed.</summary>
    public VerifierKey? Current { get; private set; } = pinned.FirstOrDefault();

    /// <summary>The key that the journal declares is believed only where nothing else is known.</summary>
    public void Declare(VerifierKey key)
    {
        if (_trusted.Count > 0)
        {
            return;
        }

        _trusted = [key];
        _everTrusted.Add(key);
        Current = key;
    }

    public bool Signed(Checkpoint checkpoint)
    {
        var key = _trusted.Find(checkpoint.Verify);
        Current = key ?? Current;
        return key is not null;
    }

    /// <summary>Did a key that was trusted at any place of the log sign it? For checkpoints that come from an earlier time.</summary>
    public bool SignedOnce(Checkpoint checkpoint) => _everTrusted.Any(checkpoint.Verify);

    /// <summary>From here on the next key alone may sign, provided that it is pinned or a key trusted so far vouches for it.</summary>
    public bool Change(VerifierKey next, string? endorsement, string journalId)
    {
        if (!_trusted.Contains(next) && !_pinned.Contains(next)
            && !_trusted.Exists(previous => KeyEndorsement.Verify(endorsement, journalId, next, previous)))
        {
            return false;
        }

        _trusted = [next];
        _everTrusted.Add(next);
        Current = next;
        return true;
    }
}
