using System.Globalization;

namespace SecurityAudit.Journal.Tests.Opening;

public sealed class AnchorTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ALogThatWasCutAfterAnAnchoredCheckpointIsNotContinued()
    {
        await WriteAsync(5);
        var lines = await File.ReadAllLinesAsync(_folder.Segment(0));
        await File.WriteAllTextAsync(_folder.Segment(0), string.Concat(lines[..3].Select(l => l + "\n")));

        await using var writer = Open();

        Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), writer.LogDirectory);
        Assert.Contains("it was cut or rolled back", _folder.Notices.Expect(JournalNoticeKind.RolledBack).Message, StringComparison.Ordinal);
        Assert.Equal(3, (await File.ReadAllLinesAsync(_folder.Segment(0))).Length);
    }

    [Fact]
    public async Task TheSameCutWithoutAnAnchorGoesUnnoticed()
    {
        await WriteAsync(5, anchored: false);
        var lines = await File.ReadAllLinesAsync(_folder.Segment(0));
        await File.WriteAllTextAsync(_folder.Segment(0), string.Concat(lines[..3].Select(l => l + "\n")));

        await using var writer = _folder.Open();

        Assert.Equal(_folder.Path, writer.LogDirectory);
    }

    [Fact]
    public async Task ALogThatIsAsNewAsItsAnchorIsContinued()
    {
        await WriteAsync(5);

        await using var writer = Open();

        Assert.Equal(_folder.Path, writer.LogDirectory);
        Assert.DoesNotContain(_folder.Notices.Said, n => n.Kind is JournalNoticeKind.RolledBack or JournalNoticeKind.Damaged);
    }

    [Fact]
    public async Task AnAnchorThatCannotBeReachedIsSaidAndDegradesTheHealth()
    {
        await using var writer = _folder.Open(o => o.Anchors.Add(new DelegateAnchor(
            "mirror", (_, _) => throw new IOException("no route"), (_, _) => throw new IOException("no route"))));

        Assert.Contains("The mirror did not tell its last checkpoint: no route", _folder.Notices.Expect(JournalNoticeKind.AnchorFailed).Message, StringComparison.Ordinal);
        Assert.Equal(JournalHealthState.Degraded, writer.Health.State);
        await writer.FlushAsync(writer.Append(Some.Event()));
    }

    [Fact]
    public async Task SegmentsPastTheirTimeGoAndTheRestStillVerifies()
    {
        for (var start = 0; start < 3; start++)
        {
            await WriteAsync(10);
        }

        var before = JournalDirectory.Segments(_folder.Path);
        foreach (var old in before.SkipLast(1))
        {
            File.SetLastWriteTimeUtc(old.Path, DateTime.UtcNow - TimeSpan.FromDays(31));
        }

        await using (var writer = Open(o => o.Retention = TimeSpan.FromDays(30)))
        {
            writer.Append(Some.Event(), critical: true);
            _folder.Notices.Expect(JournalNoticeKind.Pruned);
        }

        var after = JournalDirectory.Segments(_folder.Path);
        Assert.Equal(before[^1].First, after[0].First);
        var pruned = Assert.Single(_folder.Lines(), l => l.GetProperty("event.action").GetString() == ControlAction.Pruned);
        Assert.Equal(before[^1].First, pruned.GetProperty(JournalFields.To.Name).GetInt64());
        _folder.AssertSound();
    }

    [Fact]
    public async Task ASegmentThatNoAnchorCoversStaysHoweverOldItIs()
    {
        await WriteAsync(10, anchored: false);
        File.SetLastWriteTimeUtc(_folder.Segment(0), DateTime.UtcNow - TimeSpan.FromDays(31));

        await using (var writer = _folder.Open(o =>
        {
            o.Retention = TimeSpan.FromDays(30);
            o.Anchors.Add(new DelegateAnchor("deaf", (_, _) => default, (_, _) => throw new IOException("deaf")));
        }))
        {
            await writer.FlushAsync(writer.Append(Some.Event(), critical: true));
        }

        Assert.True(File.Exists(_folder.Segment(0)));
    }

    [Fact]
    public async Task ANewKeyForWhichTheOldOneVouchesIsRecordedAndVerifiesFromTheOldKeyOn()
    {
        var old = new TestSigner();
        await using (var writer = _folder.Open(o => o.Signer = old))
        {
            writer.Append(Some.Event(1));
        }

        await using (var writer = _folder.Open(o =>
        {
            o.Signer = new TestSigner();
            o.PreviousSigner = old;
        }))
        {
            writer.Append(Some.Event(2));
        }

        Assert.Contains("for which the old key vouches", _folder.Notices.Expect(JournalNoticeKind.KeyChanged).Message, StringComparison.Ordinal);
        Assert.Contains(ControlAction.KeyChanged, _folder.Actions());
        Assert.Empty(JournalVerifier.Verify(_folder.Path, new VerifyOptions { Keys = [old.Key] }).Findings);
    }

    [Fact]
    public async Task AKeyFileThatWasPutAsideVouchesForTheOneThatIsMadeInItsPlace()
    {
        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
        }

        var keys = Path.Combine(_folder.Path, LogFiles.Keys);
        VerifierKey old;
        using (var signer = PemFileSigner.Open(Path.Combine(keys, LogFiles.Key)))
        {
            old = signer.Key;
        }

        File.Move(Path.Combine(keys, LogFiles.Key), Path.Combine(keys, LogFiles.PreviousKey));

        for (var life = 0; life < 2; life++)
        {
            await using var writer = _folder.Open();
            await writer.FlushAsync(writer.Append(Some.Event(2)));
        }

        Assert.Contains("for which the old key vouches", _folder.Notices.Expect(JournalNoticeKind.KeyChanged).Message, StringComparison.Ordinal);
        Assert.Single(_folder.Actions(), ControlAction.KeyChanged);
        var report = JournalVerifier.Verify(_folder.Path, new VerifyOptions { Keys = { old } });
        Assert.True(report.HasNoFindings(), string.Join('\n', report.Findings));
        Assert.NotEqual(old, report.Logs[0].Key);
    }

    [Fact]
    public async Task ANewKeyForWhichNobodyVouchesIsSaidAndDoesNotVerify()
    {
        var old = new TestSigner();
        await using (var writer = _folder.Open(o => o.Signer = old))
        {
            writer.Append(Some.Event(1));
        }

        await using (var writer = _folder.Open(o => o.Signer = new TestSigner()))
        {
            writer.Append(Some.Event(2));
        }

        Assert.Contains("if not, find out who did", _folder.Notices.Expect(JournalNoticeKind.KeyChanged).Message, StringComparison.Ordinal);
        Assert.False(JournalVerifier.Verify(_folder.Path, new VerifyOptions { Keys = [old.Key] }).HasNoFindings());
    }

    [Fact]
    public async Task ACertificateSignsAsWell()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=audit", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var signer = new CertificateSigner(certificate);

        await using (var writer = _folder.Open(o => o.Signer = signer))
        {
            writer.Append(Some.Event());
        }

        Assert.Empty(JournalVerifier.Verify(_folder.Path, new VerifyOptions { Keys = [signer.Key] }).Findings);
    }

    private JournalWriter Open(Action<JournalOptions>? change = null) => _folder.Open(o =>
    {
        o.Anchors.Add(new FileAnchor(_folder.AnchorPath));
        change?.Invoke(o);
    });

    private async Task WriteAsync(int events, bool anchored = true)
    {
        await using var writer = anchored ? Open() : _folder.Open();
        for (var i = 0; i < events; i++)
        {
            await writer.FlushAsync(writer.Append(Some.Event(i)));
        }

        Assert.True(writer.Size >= events, writer.Size.ToString(CultureInfo.InvariantCulture));
    }
}
