using System.Diagnostics;

namespace SecurityAudit.Journal.Tests.Notes;

public sealed class CheckpointTests
{
    private readonly TestSigner _signer = Some.Signer();

    [Fact]
    public void ASignedCheckpointVerifiesWithItsKeyAlone()
    {
        var checkpoint = Checkpoint.Parse(Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), _signer).Note);

        Assert.Equal((Some.Origin, 42, "k3f5x2ab"), (checkpoint.Origin, checkpoint.Size, checkpoint.JournalId));
        Assert.Equal(Some.Hash(1), checkpoint.Root.ToArray());
        Assert.True(checkpoint.Verify(_signer.Key));
        Assert.True(checkpoint.Verify(VerifierKey.Parse(_signer.Key.ToString())));
        Assert.False(checkpoint.Verify(Some.Signer().Key));
    }

    [Fact]
    public void AnotherSizeRootOriginOrSignerNameDoesNotVerify()
    {
        var note = Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), _signer).Note;
        string[] forged =
        [
            note.Replace("\n42\n", "\n43\n", StringComparison.Ordinal),
            note.Replace(Convert.ToBase64String(Some.Hash(1)), Convert.ToBase64String(Some.Hash(2)), StringComparison.Ordinal),
            "other" + note,
            note.Replace("\u2014 security", "\u2014 insecurity", StringComparison.Ordinal),
        ];
        Assert.All(forged, text => Assert.False(Checkpoint.Parse(text).Verify(_signer.Key)));
    }

    [Fact]
    public void TheSignatureBearsTheNameUnderWhichTheKeyIsPublished()
    {
        var note = Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), _signer).Note;
        Assert.StartsWith($"\u2014 {_signer.Key.ToString().Split('+')[0]} ", note.Split('\n')[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void ACheckpointSignedUnderItsOriginAsEarlierBuildsDidStillVerifies()
    {
        var note = Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), _signer).Note;
        var old = note.Replace($"\u2014 {_signer.Key.Name} ", $"\u2014 {Some.Origin} ", StringComparison.Ordinal);
        Assert.NotEqual(note, old);
        Assert.True(Checkpoint.Parse(old).Verify(_signer.Key));
    }

    [Fact]
    public void SignaturesOfUnknownKeysAreIgnored()
    {
        var note = Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), _signer).Note;
        var witnessed = Checkpoint.Parse(note + "\u2014 witness.example/w1 mJirIklj/+8=\n");
        Assert.True(witnessed.Verify(_signer.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")]
    [InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n")]
    [InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAAAAA=")]
    [InlineData("o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAAAAA=\n")]
    [InlineData("o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAAAAA=\n")]
    [InlineData("o\n\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAAAAA=\n")]
    [InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\n\u2014 o AAAAAAA=\n")]
    [InlineData("o\n1\nAAAA\n\n\u2014 o AAAAAAA=\n")]
    [InlineData("\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAAAAA=\n")]
    [InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAA\n")]
    [InlineData("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n- o AAAAAAA=\n")]
    [InlineData("o\r\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 o AAAAAAA=\n")]
    public void OtherTextIsNoCheckpoint(string note)
    {
        Assert.False(Checkpoint.TryParse(note, out _));
        Assert.Throws<FormatException>(() => Checkpoint.Parse(note));
    }

    [Fact]
    public async Task OpensslVerifiesANote()
    {
        var directory = Directory.CreateTempSubdirectory("note-").FullName;
        try
        {
            var checkpoint = Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), _signer);
            var (text, signatureLine) = (checkpoint.Note[..(checkpoint.Note.IndexOf("\n\n", StringComparison.Ordinal) + 1)], checkpoint.Note.Split('\n')[^2]);
            var signature = Convert.FromBase64String(signatureLine.Split(' ')[2]);
            await File.WriteAllTextAsync(Path.Combine(directory, "text"), text);
            await File.WriteAllBytesAsync(Path.Combine(directory, "sig"), signature[4..]);
            await File.WriteAllBytesAsync(Path.Combine(directory, "key"), Convert.FromBase64String(_signer.Key.ToString().Split('+', 3)[2])[1..]);

            Assert.Equal("Verified OK", await OpensslAsync(directory, "dgst -sha256 -verify key -keyform DER -signature sig text"));
            await File.WriteAllTextAsync(Path.Combine(directory, "text"), text.Replace("42", "41", StringComparison.Ordinal));
            Assert.StartsWith(
                "Verification failure", await OpensslAsync(directory, "dgst -sha256 -verify key -keyform DER -signature sig text"),
                StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<string> OpensslAsync(string directory, string arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await errors;
            await process.WaitForExitAsync();
            return output.Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("openssl is not installed");
            throw;
        }
    }
}
