namespace SecurityAudit.Journal;

/// <summary>The signer that a journal is opened with, and the one before it when there is one.</summary>
internal sealed class JournalKeys : IDisposable
{
    private readonly JournalOptions _options;
    private readonly HealthBoard _health;
    private readonly string _previousPath;
    private readonly PemFileSigner? _owned;

    private JournalKeys(JournalOptions options, HealthBoard health, string previousPath, IJournalSigner signer, PemFileSigner? owned)
    {
        _options = options;
        _health = health;
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
        if (options.Signer is { } signer)
            return new JournalKeys(options, health, previous, signer, owned: null);
        var path = Path.Combine(keys, LogFiles.Key);
        foreach (var file in (ReadOnlySpan<string>)[path, previous])
        {
            if (KeyFileAccess.Restore(file) is { } restored)
                health.Say(JournalNoticeKind.KeyModeRestored, restored);
        }

        var owned = PemFileSigner.OpenOrCreate(path, options.Origin, out var created);
        if (created)
        {
            health.Say(JournalNoticeKind.KeyCreated,
                $"There was no signing key; one was made in '{path}'. Keep its public half where the journal cannot reach: {owned.Key}");
        }

        return new JournalKeys(options, health, previous, owned, owned);
    }

    /// <summary>What a new segment has to say after its header: that the log was mended, that another key signs from here on.</summary>
    public IEnumerable<byte[]> FirstLines(OpenedLog log)
    {
        var now = _options.TimeProvider.GetUtcNow();
        if (log.TornBytes > 0)
            yield return ControlPayload.Recovered(now, log.TornBytes, "A crash left a torn end; it was moved to the quarantine.");
        if (log.End.Key is { } before && !before.Equals(Signer.Key))
            yield return ControlPayload.KeyChanged(now, Signer.Key, Endorse(log, before));
    }

    public void Dispose() => _owned?.Dispose();

    private string? Endorse(OpenedLog log, VerifierKey before)
    {
        var previous = _options.PreviousSigner ?? (File.Exists(_previousPath) ? PemFileSigner.Open(_previousPath, _options.Origin) : null);
        var vouches = previous is not null && previous.Key.Equals(before);
        _health.Say(JournalNoticeKind.KeyChanged, vouches
            ? $"The log in '{log.Directory}' was signed with key {before.Id} and goes on with key {Signer.Key.Id}, for which the old key vouches."
            : $"The log in '{log.Directory}' was signed with key {before.Id} and goes on with key {Signer.Key.Id}; expected the old key to vouch for the new one. If you changed the key, tell the auditor; if not, find out who did.");
        var endorsement = vouches ? KeyEndorsement.Sign($"{_options.Origin}/{log.Id}", Signer.Key, previous!) : null;
        if (previous is PemFileSigner own && _options.PreviousSigner is null)
            own.Dispose();
        return endorsement;
    }
}
