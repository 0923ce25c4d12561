using System.Text;
using CsCheck;

namespace SecurityAudit.Journal.Tests.Query;

public sealed class EventTableTests
{
    private static readonly EventTable Table = new(
        EventColumn.Sequence, EventColumn.TimeAs("HH:mm:ss"), EventColumn.Action with { Width = 12 }, EventColumn.Outcome, EventColumn.What);

    [Fact]
    public void ARowIsOneLineWhoseColumnsStandUnderTheirHeadings()
    {
        var e = JournalEventTests.Of(""" "@timestamp":"2026-11-24T04:00:00Z","event.action":"authn_login_fail","event.outcome":"failure","message":"bob failed" """);

        Assert.Equal(
            "#     Time (UTC)  Event         Outcome  What",
            new EventTable(
                EventColumn.Sequence, EventColumn.TimeAs("HH:mm:ss") with { Width = 10 }, EventColumn.Action with { Width = 12 }, EventColumn.Outcome,
                EventColumn.What)
                .Header(80));
        Assert.Equal("7     04:00:00  authn_login…  failure  bob failed", Table.Row(e, 80));
        Assert.Equal("7     04:00:00  authn_login…  failure  bob…", Table.Row(e, 43));
        Assert.Equal("", Table.Row(e, 0));
    }

    [Fact]
    public void AnAlertSaysSoWhereOthersSayHowTheyEnded() =>
        Assert.Contains("  ALERT    ", Table.Row(JournalEventTests.Of(""" "event.kind":"alert","message":"Password spraying" """), 80), StringComparison.Ordinal);

    [Theory]
    [InlineData("山田太郎", 8, "山田太郎")]
    [InlineData("山田太郎", 7, "山田太…")]
    [InlineData("山田太郎", 6, "山田… ")]
    [InlineData("🐙🐙", 3, "🐙…")]
    [InlineData("Jürgen", 8, "Jürgen  ")]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("a", 0, "")]
    public void WideCharactersTakeTwoColumnsAndNoneIsCutInHalf(string text, int width, string fitted) => Assert.Equal(fitted, TextWidth.Fit(text, width));

    [Fact]
    public void ALetterUnderAThousandMarksIsCut() => Assert.Equal(10, TextWidth.Fit("a" + new string('\u0301', 1000), 10).Length);

    [Fact]
    public void NothingInARowSteersATerminalOrIsLongerThanItMayBe() =>
        Gen.Select(Gen.Int[0, 0x10FFFF].Select(value => Rune.IsValid(value) ? new Rune(value).ToString() : "\u202E").Array[0, 60].Select(string.Concat), Gen.Int[0, 100])
            .Sample((hostile, width) =>
            {
                var text = System.Text.Json.JsonSerializer.Serialize(hostile);
                var e = JournalEventTests.Of($"\"event.action\":{text},\"event.outcome\":{text},\"user.name\":{text},\"message\":{text}");

                foreach (var line in (string[])[Table.Row(e, width), EventTable.Fitting(200).Row(e, width)])
                {
                    Assert.DoesNotContain(line.EnumerateRunes(), InvisibleCharacters.Contains);
                    Assert.True(line.EnumerateRunes().Count() <= width);
                }
            }, iter: 3000);

    [Fact]
    public void TheColumnsFitTheTerminal()
    {
        Assert.Equal(["Time (UTC)", "Event", "Outcome", "User", "Source", "What"], EventTable.Fitting(120).Columns.Select(column => column.Name));
        Assert.Equal(["Time (UTC)", "Event", "Source", "What"], EventTable.Fitting(60).Columns.Select(column => column.Name));
        Assert.Empty(EventTable.Fitting(59).Columns);
    }
}
