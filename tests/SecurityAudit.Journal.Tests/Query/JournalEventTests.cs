using System.Text;
using CsCheck;

namespace SecurityAudit.Journal.Tests.Query;

public sealed class JournalEventTests
{
    private const string Before = """{"journal.id":"k3f5x2ab","event.sequence":7,""";

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\ud800", "\\u00e9", "\"@timestamp\":", "\"2026-11-24T04:00:00Z\"", "\"event.action\":\"a\"", "\"a\":",
        "1", "null", "true", "é", "\uFFFF", " ",
    ];

    [Fact]
    public void TheFieldsOfALineAreThereByNameAndAsWords()
    {
        var e = Of("""
            "@timestamp":"2026-11-24T04:00:00.5Z","event.action":"authz_change","event.outcome":"success","event.severity":73,"event.kind":"event",
            "user.email":"carol@shop.example","user.target.id":"17","user.target.name":"bob","source.ip":"2001:db8::5",
            "message":"carol@shop.example gave bob the role \u0022Staff\u0022.","event.category":["iam","configuration"],
            "security_audit.attributes":{"order": 3},"security_audit.redaction":null,"x":true
            """.ReplaceLineEndings(""));

        Assert.Null(e.Fault);
        Assert.Equal(("k3f5x2ab", 7L, false), (e.LogId, e.Sequence, e.IsControl));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 4, 0, 0, 500, TimeSpan.Zero), e.Timestamp);
        Assert.Equal(("authz_change", "success", 73, false), (e.Action, e.Outcome, e.Severity, e.IsAlert));
        Assert.Equal(("carol@shop.example", "bob", "2001:db8::5"), (e.User, e.Target, e.Source));
        Assert.Equal("carol@shop.example gave bob the role \"Staff\".", e.Message);
        Assert.Equal(
            ("iam, configuration", "{\"order\": 3}", "", "true", ""),
            (e["event.category"], e["security_audit.attributes"], e["security_audit.redaction"], e["x"], e["not.there"]));
        Assert.Equal(["journal.id", "event.sequence", "@timestamp"], e.Fields.Keys.Take(3));
    }

    [Theory]
    [InlineData("""{"a":1,""", "The line is not JSON from byte 6 on", "a", "1")]
    [InlineData("""{"a":1} x""", "The line is not JSON from byte 8 on", "a", "1")]
    [InlineData("""{"a":1,"b":nul}""", "The line is not JSON from byte 14 on", "a", "1")]
    [InlineData("""[1]""", "The line is not a JSON object.", "a", "")]
    [InlineData("", "The line is not JSON from byte 0 on", "a", "")]
    [InlineData("""{"a":"1","a":"2"}""", "The field a stands twice; the first counts.", "a", "1")]
    [InlineData("""{"a":"\ud800","b":"2"}""", "The text at byte 5 is not Unicode; it is given as it stands.", "a", "\\ud800")]
    [InlineData("""{"\udc00":"x","b":"2"}""", "The text at byte 1 is not Unicode; it is given as it stands.", "b", "2")]
    [InlineData("""{"@timestamp":"yesterday","b":"2"}""", "@timestamp is 'yesterday', expected a time", "b", "2")]
    [InlineData("""{"@timestamp":"\ud800","b":"2"}""", "The text at byte 14 is not Unicode", "b", "2")]
    [InlineData("""{"@timestamp":17,"b":"2"}""", "@timestamp is '17', expected a time", "b", "2")]
    public void WhatCannotBeReadIsSaidAndTheRestIsThere(string line, string fault, string field, string value)
    {
        var e = Line(Some.Utf8(line));

        Assert.StartsWith(fault, e.Fault, StringComparison.Ordinal);
        Assert.Equal(value, e[field]);
        Assert.Null(e.Timestamp);
    }

    [Fact]
    public void ALineThatIsNoJsonIsShownWhole()
    {
        Assert.Equal("drop table", Line("drop table"u8.ToArray()).Message);
        Assert.Equal("", Line("{}"u8.ToArray()).Message);
    }

    [Fact]
    public void BytesThatAreNoUtf8AreReadAsFarAsTheyGo()
    {
        var e = Line([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\",\"b\":\"2\"}"u8]);

        Assert.Equal(("\uFFFD(", "2"), (e["a"], e["b"]));
        Assert.Contains("is not Unicode", e.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", e.Json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-11-24T04:00:00Z", 4)]
    [InlineData("2026-11-24T04:00:00", 4)]
    [InlineData("2026-11-24T04:00:00+01:00", 3)]
    [InlineData("2026-11-24T04:00:00.1234567-02:00", 6)]
    public void ATimeWithoutAnOffsetIsUtcForEveryReader(string text, int hour)
    {
        var line = Some.Utf8($$"""{"@timestamp":"{{text}}"}""");

        Assert.Equal((hour, line.Length), (Line(line).Timestamp!.Value.UtcDateTime.Hour, line.Length));
        Assert.Equal(Line(line).Timestamp, LineFields.Timestamp(line));
    }

    [Theory]
    [InlineData("""{"@timestamp":"\ud800"}""")]
    [InlineData("""{"@timestamp":"\ud8002026-11-24T04:00:00Z"}""")]
    [InlineData("""{"\ud800":1,"@timestamp":{}}""")]
    [InlineData("""{"@timestamp":"0001-01-01T00:00:00+14:00"}""")]
    [InlineData("""{"@timestamp":"9999-12-31T23:59:59-14:00"}""")]
    [InlineData("""{"@timestamp":"2026-11-24T04:00:0""")]
    public void NoTimestampHoweverHostileStopsWhoeverShipsOrVerifies(string line) => Assert.Null(LineFields.Timestamp(Some.Utf8(line)));

    [Fact]
    public void TheFirstOfTwoFieldsCountsForEveryReader()
    {
        var line = Some.Utf8(Before + """ "event.action":"a","\u0065vent.action":"b","event.sequence":9,"event.hash":"x"}""");

        Assert.Equal("a", Line(line).Action);
        Assert.Equal("7", Line(line)["event.sequence"]);
        Assert.Equal("a", LineFields.Text(line, "event.action"u8));
        Assert.Equal("x", LineFields.Text(line, "event.hash"u8));
    }

    [Fact]
    public void WhateverTheBytesAreNothingIsThrown() =>
        Gen.OneOf(
                Gen.Byte.Array[0, 60],
                Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index])
                    .Array[0, 30].Select(string.Concat).Select(text => Encoding.UTF8.GetBytes("{" + text)))
            .Sample(
                bytes =>
                {
                    var e = Line(bytes);
                    _ = (e.Fields, e.Timestamp, e.Message, e.User, e.Json, e.Severity, LineFields.Text(bytes, "event.action"u8));
                    Assert.All(new[] { e.Json, EventTable.InOneLine(e) }, text => Assert.DoesNotContain(text.EnumerateRunes(), InvisibleCharacters.Contains));
                    new EventFilter { Users = ["a"], Texts = ["a"], Sources = [new(System.Net.IPAddress.Loopback, 32)], From = DateTimeOffset.MinValue }.Matches(e);
                },
                iter: 20_000);

    [Fact]
    public void ADeepLineIsToldAndNotFollowed()
    {
        var e = Line(Some.Utf8("{\"b\":1,\"a\":" + new string('[', 60_000)));

        Assert.Equal("1", e["b"]);
        Assert.StartsWith("The line is not JSON from byte ", e.Fault, StringComparison.Ordinal);
    }

    internal static JournalEvent Of(string members, long sequence = 7) =>
        JournalEvent.Of(new JournalLine(Some.Utf8($"{{\"journal.id\":\"k3f5x2ab\",\"event.sequence\":{sequence},{members}}}"), "k3f5x2ab", sequence, "", 0, IsControl: false));

    private static JournalEvent Line(byte[] utf8) => JournalEvent.Of(new JournalLine(utf8, "k3f5x2ab", 7, "", 0, IsControl: false));
}
