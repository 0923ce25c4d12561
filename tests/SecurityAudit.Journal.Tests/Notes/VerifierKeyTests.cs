using System.Security.Cryptography;

namespace SecurityAudit.Journal.Tests.Notes;

public sealed class VerifierKeyTests
{
    [Fact]
    public void AKeyIsReadAsItIsWritten()
    {
        var key = Some.Signer().Key;
        var parsed = VerifierKey.Parse(key.ToString());
        Assert.Equal(key.ToString(), parsed.ToString());
        Assert.Equal(key, parsed);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.Spki.Span))[..8], key.Id);
        Assert.Equal(key, key.WithName("other"));
    }

    [Theory]
    [InlineData("nistP384", true)]
    [InlineData("nistP521", true)]
    [InlineData("brainpoolP256r1", false)]
    public void OnlyTheCurvesOfTheSpecificationAreTaken(string curve, bool taken)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        var spki = key.ExportSubjectPublicKeyInfo();
        Assert.Equal(taken, Record.Exception(() => VerifierKey.FromSpki("n", spki)) is null);
    }

    [Fact]
    public void EverySingleBitFlipOfAVerifierKeyIsRefusedOrAnotherKey()
    {
        var key = Some.Signer().Key;
        var text = Some.Utf8(key.ToString());
        for (var bit = 0; bit < text.Length * 8; bit++)
        {
            var flipped = text.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (VerifierKey.TryParse(System.Text.Encoding.Latin1.GetString(flipped), out var other))
            {
                Assert.NotEqual(key.ToString(), other.ToString());
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("name")]
    [InlineData("name+00000000+")]
    [InlineData("name+00000000+AA==")]
    [InlineData("a b+00000000+AAAA")]
    public void OtherTextIsNoKeyAndTheMessageSaysWhatIs(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => VerifierKey.Parse(text));
        Assert.Equal($"'{text}' is not a verifier key: expected name+id+base64 of an ECDSA key, as in journal.opened lines.", refusal.Message);
    }

    [Fact]
    public void AnEndorsementHoldsForItsLogItsNewKeyAndItsOldKeyAlone()
    {
        TestSigner old = new(), next = new();
        var note = KeyEndorsement.Sign(Some.Origin, next.Key, old);

        Assert.True(KeyEndorsement.Verify(note, "k3f5x2ab", next.Key, old.Key));
        Assert.False(KeyEndorsement.Verify(note, "zzzzzzzz", next.Key, old.Key));
        Assert.False(KeyEndorsement.Verify(note, "k3f5x2ab", old.Key, old.Key));
        Assert.False(KeyEndorsement.Verify(note, "k3f5x2ab", next.Key, next.Key));
        Assert.False(KeyEndorsement.Verify(null, "k3f5x2ab", next.Key, old.Key));
        Assert.False(Checkpoint.TryParse(note, out _));
    }
}
