using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace SecurityAudit.Journal.Tests.Query;

public sealed class VisibleTextTests
{
    private static readonly string[] Pieces = ["\\", "u", "\\u", "202E", "\\u202E", "\u202E", "a", "é"];

    [Theory]
    [InlineData(0x3164)]
    [InlineData(0xFFA0)]
    [InlineData(0x115F)]
    [InlineData(0x1160)]
    [InlineData(0x034F)]
    [InlineData(0xFE0F)]
    [InlineData(0xFE00)]
    [InlineData(0x180B)]
    [InlineData(0x180E)]
    [InlineData(0x17B4)]
    [InlineData(0x2800)]
    [InlineData(0x00A0)]
    [InlineData(0x3000)]
    [InlineData(0x00AD)]
    [InlineData(0x200B)]
    [InlineData(0x2066)]
    [InlineData(0x2028)]
    [InlineData(0xE000)]
    [InlineData(0xFFFC)]
    [InlineData(0xE0041)]
    [InlineData(0xE0100)]
    [InlineData(0x1D159)]
    [InlineData(0x1D173)]
    public void WhatLeavesNoInkIsWrittenAsAnEscape(int value)
    {
        var text = $"ad{new Rune(value)}min";
        var escapes = string.Concat(new Rune(value).ToString().Select(unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}")));

        Assert.Equal($"ad{escapes}min", VisibleText.Of(text, 100));
    }

    [Theory]
    [InlineData("CORP\\ann", "CORP\\ann")]
    [InlineData("C:\\users\\ann", "C:\\users\\ann")]
    [InlineData("typed \\u202E", "typed \\u005Cu202E")]
    [InlineData("real \u202E", "real \\u202E")]
    [InlineData("\\\u202E", "\\\\u202E")]
    [InlineData("山田 太郎, Jürgen, Ἀθήνη, 🐙", "山田 太郎, Jürgen, Ἀθήνη, 🐙")]
    public void ATypedEscapeIsToldFromARealOne(string typed, string recorded) => Assert.Equal(recorded, VisibleText.Of(typed, 100));

    [Fact]
    public void WhateverIsTypedCanBeReadBackAndShowsWhollyWithinItsLength() =>
        Gen.OneOf(
                Gen.Int[0, 0x10FFFF].Select(value => Rune.IsValid(value) ? new Rune(value).ToString() : ((char)value).ToString()),
                Gen.Char[(char)0xD800, (char)0xDFFF].Select(half => half.ToString()),
                Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]))
            .Array[0, 40].Select(string.Concat)
            .Sample(text =>
            {
                var visible = VisibleText.Of(text, 10_000);
                var cut = VisibleText.Of(text, 20);
                var shorter = VisibleText.Cut(visible, 40);

                Assert.All(visible.EnumerateRunes(), rune => Assert.False(InvisibleCharacters.Contains(rune)));
                Assert.Equal(
                    text,
                    Regex.Replace(
                        visible, @"\\u(?<unit>[0-9A-F]{4})",
                        escape => ((char)ushort.Parse(escape.Groups["unit"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
                        RegexOptions.NonBacktracking));
                Assert.True(cut.Length <= 20 + 40);
                Assert.True(shorter.Length <= 40 && shorter.EnumerateRunes().All(rune => rune != Rune.ReplacementChar || visible.Contains('\uFFFD', StringComparison.Ordinal)));
            }, iter: 5000);
}
