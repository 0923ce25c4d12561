using SecurityAudit.Acceptance.Tests;

namespace SecurityAudit.Journal.Tests.Upgrade;

/// <summary>
/// A copy of the journal that a version before wrote (<c>tests/Upgrade/README.md</c>), for the present code to go on with.
/// </summary>
internal sealed class UpgradedJournal : IDisposable
{
    public const string First = "zszguqfv";
    public const string Second = "rodrleey";

    private readonly UpgradedFiles _files = new("", "journal", "anchor");

    public static VerifierKey Key => VerifierKey.Parse(File.ReadAllText(Repository.PathOf("tests", "Upgrade", "verifier.key")).Trim());

    public string Path => System.IO.Path.Combine(_files.Path, "journal");

    public string AnchorPath => System.IO.Path.Combine(_files.Path, "anchor");

    public IReadOnlyList<Checkpoint> Anchored =>
        [.. ((string[])[First, Second]).Select(id => Checkpoint.Parse(File.ReadAllText(System.IO.Path.Combine(AnchorPath, id + ".checkpoint"))))];

    public JournalWriter Open(Action<JournalNotice>? onNotice = null) => JournalWriter.Open(
        Path, new JournalOptions { WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0, OnNotice = onNotice, Anchors = { new FileAnchor(AnchorPath) } });

    /// <summary>Against the first key and the anchor's checkpoints.</summary>
    public VerificationReport Verify(IReadOnlyList<Checkpoint>? anchored = null) =>
        JournalVerifier.Verify(Path, new VerifyOptions { Keys = [Key], AtLeastAsNewAs = [.. anchored ?? Anchored] });

    public void Dispose() => _files.Dispose();
}
