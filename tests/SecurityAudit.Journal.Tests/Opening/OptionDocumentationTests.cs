using System.Xml.Linq;

namespace SecurityAudit.Journal.Tests.Opening;

public sealed class OptionDocumentationTests
{
    [Fact]
    public void EachOptionSaysItsRangeAndItsDefault()
    {
        var documented = XDocument.Load(Path.ChangeExtension(typeof(JournalOptions).Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Element("value") is { } value && !string.IsNullOrWhiteSpace(value.ToString()))
            .Select(member => member.Attribute("name")!.Value)
            .ToHashSet(StringComparer.Ordinal);

        Assert.All(typeof(JournalOptions).GetProperties(), option => Assert.Contains($"P:{typeof(JournalOptions).FullName}.{option.Name}", documented));
    }

    [Theory]
    [InlineData(nameof(JournalOptions.MaxSegmentBytes), "4,096 to 1,073,741,824")]
    [InlineData(nameof(JournalOptions.BufferBytes), "262,144 to 536,870,912")]
    public void TheDocumentedRangeIsTheOneThatIsChecked(string option, string range)
    {
        var text = XDocument.Load(Path.ChangeExtension(typeof(JournalOptions).Assembly.Location, ".xml")).Descendants("member")
            .Single(member => member.Attribute("name")!.Value == $"P:{typeof(JournalOptions).FullName}.{option}").Element("value")!.Value;
        Assert.Contains(range, text, StringComparison.Ordinal);
        var bounds = range.Split(" to ")
            .Select(bound => long.Parse(bound, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var property = typeof(JournalOptions).GetProperty(option)!;
        foreach (var (value, isFault) in new[] { (bounds[0], false), (bounds[0] - 1, true), (bounds[1], false), (bounds[1] + 1, true) })
        {
            var options = new JournalOptions();
            property.SetValue(options, Convert.ChangeType(value, property.PropertyType, System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(isFault, JournalOptionsCheck.Faults(options).Any(fault => fault.StartsWith(option, StringComparison.Ordinal)));
        }
    }
}
