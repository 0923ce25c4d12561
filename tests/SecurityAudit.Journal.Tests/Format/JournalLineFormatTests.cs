using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Journal.Tests.Format;

public sealed class JournalLineFormatTests
{
    [Fact]
    public void ALineIsTheEntryWithItsHashForALastMember()
    {
        var line = Seal("""{"event.action":"authn_login_success","user.name":"zażółć"}""", 101, out var leaf);

        const string entry = """{"journal.id":"k3f5x2ab","event.sequence":101,"event.action":"authn_login_success","user.name":"zażółć"}""";
        var hash = SHA256.HashData([0x00, .. Some.Utf8(entry)]);
        Assert.Equal(hash, leaf);
        Assert.Equal($"{entry[..^1]},\"event.hash\":\"{Base64Url.EncodeToString(hash)}\"}}\n", Encoding.UTF8.GetString(line));
    }

    [Fact]
    public void AnEmptyPayloadMakesALineToo()
    {
        var line = Seal("{}", 0, out _);
        Assert.StartsWith("""{"journal.id":"k3f5x2ab","event.sequence":0,"event.hash":"f""", Encoding.UTF8.GetString(line)[..58] + "f");
        Assert.Equal(LineFault.None, Check(line, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(long.MaxValue)]
    public void WhatIsSealedChecks(long sequence)
    {
        var line = Seal("""{"a":1}""", sequence, out var leaf);
        Assert.Equal(LineFault.None, Check(line, sequence, leaf));
    }

    [Fact]
    public void EverySingleBitFlipOfALineIsAFault()
    {
        var line = Seal("""{"event.action":"x","n":[1,2,{"y":"é"}]}""", 12, out _);
        for (var bit = 0; bit < (line.Length - 1) * 8; bit++)
        {
            var flipped = line.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(LineFault.None, Check(flipped, 12));
        }
    }

    [Fact]
    public void AGoodLineInAnotherPlaceIsToldApart()
    {
        var line = Seal("{}", 5, out _);
        Assert.Equal(LineFault.OtherSequence, Check(line, 6));
        Assert.Equal(LineFault.OtherJournal, JournalLineFormat.Check(Framed(line), "zzzzzzzz"u8, 5, new byte[32]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"journal.id":"k3f5x2ab","event.sequence":5}""")]
    [InlineData("""{"journal.id":"k3f5x2ab","event.sequence":05,"event.hash":"0123456789012345678901234567890123456789012"}""")]
    [InlineData("""{"journal.id":"k3f5x2ab","event.sequence":+5,"event.hash":"0123456789012345678901234567890123456789012"}""")]
    [InlineData("""{"journal.id":"k3f5x2ab","event.sequence":-5,"event.hash":"0123456789012345678901234567890123456789012"}""")]
    [InlineData("""{"journal.id":"k3f5x2ab","event.sequence":5 ,"event.hash":"0123456789012345678901234567890123456789012"}""")]
    [InlineData("""{"journal.id":"k3f5x2ab","event.sequence":9223372036854775808,"event.hash":"0123456789012345678901234567890123456789012"}""")]
    [InlineData("""{"journal.id":"K3F9X2AB","event.sequence":5,"event.hash":"0123456789012345678901234567890123456789012"}""")]
    public void OtherTextIsNoLine(string text) => Assert.Equal(LineFault.NotALine, Check(Some.Utf8(text + "\n"), 5));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("{\"a\":\n1}")]
    [InlineData("{\"a\":\"\0\"}")]
    public void APayloadThatIsNoObjectOnOneLineIsRefused(string payload) =>
        Assert.Throws<ArgumentException>(() => Seal(payload, 0, out _));

    [Fact]
    public void AnEntryIsAtMost65535BytesLong()
    {
        var room = JournalLineFormat.MaxEntryLength - """{"journal.id":"k3f5x2ab","event.sequence":0,"a":""}""".Length;
        var longest = Seal($$"""{"a":"{{new string('x', room)}}"}""", 0, out _);
        Assert.Equal(JournalLineFormat.MaxLineLength + 1, longest.Length);
        Assert.Equal(LineFault.None, Check(longest, 0));

        var refusal = Assert.Throws<ArgumentException>(() => Seal($$"""{"a":"{{new string('x', room + 1)}}"}""", 0, out _));
        Assert.StartsWith("The entry has 65536 bytes; 65535 is the most.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(LineFault.TooLong, Check(new byte[JournalLineFormat.MaxLineLength + 2], 0));
    }

    [Fact]
    public void SealingAndCheckingGiveTheBorrowedByteBackAndAllocateNothing()
    {
        var payload = Some.Utf8("""{"a":1}""");
        var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
        framed[0] = (byte)'\n';
        var leaf = new byte[32];
        JournalLineFormat.Seal(framed, Some.Id, 7, payload, leaf);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = JournalLineFormat.Seal(framed, Some.Id, 7, payload, leaf);
        var fault = JournalLineFormat.Check(framed.AsSpan(0, length), Some.Id, 7, leaf);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(LineFault.None, fault);
        Assert.Equal((byte)'\n', framed[0]);
    }

    private static byte[] Seal(string payload, long sequence, out byte[] leaf)
    {
        leaf = new byte[32];
        var framed = new byte[JournalLineFormat.MaxSealedLength(Encoding.UTF8.GetByteCount(payload))];
        var length = JournalLineFormat.Seal(framed, Some.Id, sequence, Some.Utf8(payload), leaf);
        return framed[1..(1 + length)];
    }

    private static byte[] Framed(byte[] lineWithNewline) => [(byte)'\n', .. lineWithNewline[..^1]];

    private static LineFault Check(byte[] lineWithNewline, long sequence, byte[]? expectedLeaf = null)
    {
        var leaf = new byte[32];
        var framed = Framed(lineWithNewline);
        var untouched = framed.ToArray();
        var fault = JournalLineFormat.Check(framed, Some.Id, sequence, leaf);
        Assert.Equal(untouched, framed);
        if (expectedLeaf is not null)
        {
            Assert.Equal(expectedLeaf, leaf);
        }

        return fault;
    }
}
