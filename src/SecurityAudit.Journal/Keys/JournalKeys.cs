namespace SecurityAudit.Journal;

/// <summary>The signer that a journal is opened with, and the one before it when there is one.</summary>
internal sealed class JournalKeys : IDisposable
{
    private readonly JournalOptions _options;
    private readonly HealthBoard _health;
    private readonly string _previousPath;
    private readonly string _path;
    private readonly PemFileSigner? _owned;

    private JournalKeys(JournalOptions options, HealthBoard health, string path, string previousPath, IJournalSigner signer, PemFileSigner? owned)
    {
        _options = options;
        _health = health;
        _path = path;
        _previousPath = previousPath;
        Signer = signer;
        _owned = owned;
    }

    public IJournalSigner Signer { get; }

    /// <summary>Takes the signer from the options, or the key file of the journal directory, which is made when there is none.</summary>
    public static JournalKeys Open(string directory, JournalOptions options, HealthBoard health)
    {
        var keys = Path.Combine(directory, LogFiles.Keys);
        var previous = Path.Combine(keys, LogFiles.PreviousKey);
        var path = Path.Combine(keys, LogFiles.Key);
        if (options.Signer is { } signer)
        {
            return new JournalKeys(options, health, path, previous, signer, owned: null);
        }

        foreach (var file in (ReadOnlySpan<string>)[path, previous])
        {
            if (KeyFileAccess.Restore(file) is { } restored)
            {
                health.Say(JournalNoticeKind.KeyModeRestored, restored);
            }
        }

        var owned = PemFileSigner.OpenOrCreate(path, options.Origin, out var created);
        if (created)
        {
            health.Say(JournalNoticeKind.KeyCreated,
                $"There was no signing key; one was made in '{path}'. Keep its public half where the journal cannot reach: {owned.Key}");
        }

        return new JournalKeys(options, health, path, previous, owned, owned);
    }

    /// <summary>What a log's next segment has to say after its header when another key signs from here on.</summary>
    public IEnumerable<byte[]> ChangeLines(OpenedLog log)
    {
        var now = _options.TimeProvider.GetUtcNow();
        if (log.End.Key is { } before && !before.Equals(Signer.Key))
        {
            yield return ControlPayload.KeyChanged(now, Signer.Key, Endorse(log, before));
        }
    }

    /// <summary>
    /// Writes the key file again if somebody has removed it: without it the next start would go on with a key for which nobody vouches.
    /// </summary>
    public void Restore() => _owned?.SaveIfMissing(_path);

    public void Dispose() => _owned?.Dispose();

    private string? Endorse(OpenedLog log, VerifierKey before)
    {
        var previous = _options.PreviousSigner ?? (File.Exists(_previousPath) ? PemFileSigner.Open(_previousPath, _options.Origin) : null);
        var vouches = previous is not null && previous.Key.Equals(before);
        _health.Say(JournalNoticeKind.KeyChanged, vouches
            ? $"The log in '{log.Directory}' was signed with key {before.Id} and goes on with key {Signer.Key.Id}, for which the old key vouches."
            : $"The log in '{log.Directory}' was signed with key {before.Id} and goes on with key {Signer.Key.Id}; "
                + "expected the old key to vouch for the new one. If you changed the key, tell the auditor; if not, find out who did.");
        var endorsement = vouches ? KeyEndorsement.Sign($"{_options.Origin}/{log.Id}", Signer.Key, previous!) : null;
        if (previous is PemFileSigner own && _options.PreviousSigner is null)
        {
            own.Dispose();
        }

        return endorsement;
    }
}
