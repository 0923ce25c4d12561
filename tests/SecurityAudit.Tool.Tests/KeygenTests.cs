using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Tool.Tests;

public sealed class KeygenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AKeyIsCreatedForItsOwnerAloneAndItsVerifierKeyPrinted()
    {
        var run = await ToolRun.PipedAsync("keygen", _folder["journal.pem"], "--origin", "shop.example/audit");

        Assert.Equal(0, run.ExitCode);
        var key = VerifierKey.Parse(Assert.Single(run.Lines).TrimEnd('\r'));
        Assert.Equal("shop.example/audit", key.Name);
        using var signer = PemFileSigner.Open(_folder["journal.pem"]);
        Assert.Equal(signer.Key, key);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["journal.pem"]));
        }
    }

    [Fact]
    public async Task AJournalWrittenWithAGeneratedKeyVerifiesAgainstThePrintedOne()
    {
        var printed = (await ToolRun.PipedAsync("keygen", _folder["journal.pem"])).Lines[0].TrimEnd('\r');
        using var signer = PemFileSigner.Open(_folder["journal.pem"]);
        await Some.JournalAsync(_folder["audit"], Some.Events, new JournalOptions { Signer = signer });

        Assert.Equal(0, (await ToolRun.PipedAsync("verify", _folder["audit"], "--key", printed)).ExitCode);
    }
}
