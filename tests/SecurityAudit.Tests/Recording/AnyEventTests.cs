using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Recording;

namespace SecurityAudit.Tests.Recording;

public sealed class AnyEventTests
{
    private static readonly string[] Names =
    [
        "", " ", "shop.a", "shop.a", "user.name", "event.action", "journal.id", "@timestamp", "security_audit.attributes", "message", "password", "a\"b",
        "\\u202E", "security_audit.truncated",
    ];

    private static readonly Gen<string> Character = Gen.OneOf(
        Gen.Int[0, 0x10FFFF].Select(value => Rune.IsValid(value) ? new Rune(value).ToString() : ((char)value).ToString()),
        Gen.Int[0, 0x2FFF].Select(value => ((char)value).ToString()),
        Gen.Char[(char)0xD800, (char)0xDFFF].Select(half => half.ToString()),
        Gen.Int[0, 5].Select(index => new[] { "\\", "\"", "\u202E", "\u3164", "eyJ", "password=" }[index]));

    private static readonly Gen<string?> Text = Gen.Frequency(
        (8, Character.Array[0, 30].Select(parts => (string?)string.Concat(parts))),
        (1, Gen.Int[0, 30_000].Select(length => (string?)new string('\u4E2D', length))),
        (1, Gen.Int[0, 30_000].Select(length => (string?)new string('"', length))),
        (1, Gen.Int[0, 1].Select(_ => (string?)null)));

    private static readonly Gen<string?> Name = Gen.OneOf(Gen.Int[0, Names.Length - 1].Select(index => (string?)Names[index]), Text);

    private static readonly Gen<object?> Value = Gen.OneOf(
        Text.Select(text => (object?)text),
        Gen.Double.Select(number => (object?)number),
        Gen.Int[0, 8].Select(kind => kind switch
        {
            0 => double.NaN, 1 => float.NegativeInfinity, 2 => ulong.MaxValue, 3 => DateTimeOffset.MinValue, 4 => new object(),
            5 => Array.Empty<string>(), 6 => (object?)default(ImmutableArray<string>), 7 => DayOfWeek.Friday, _ => true,
        }),
        Text.Array[0, 300].Select(texts => (object?)texts!));

    private static readonly Gen<SecurityEvent> Event =
        from action in Text
        from texts in Text.Array[6]
        from fields in Gen.Select(Name, Value).Array[0, 90]
        from attributes in Gen.Select(Name, Text).Array[0, 90]
        from ticks in Gen.Long[DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks]
        select new SecurityEvent("any", default, [texts[5]!])
        {
            Action = action!,
            Reason = texts[0],
            Message = texts[1],
            Id = texts[2],
            Kind = texts[3]!,
            User = new AuditUser(texts[4], texts[5]) { Roles = [.. texts!], Exists = ticks % 2 == 0 },
            Target = new AuditUser(texts[5], texts[0]) { Email = texts[1] },
            Timestamp = new DateTimeOffset(ticks, TimeSpan.Zero),
            Fields = [.. fields.Select(field => new KeyValuePair<string, object?>(field.Item1!, field.Item2))],
            Attributes = [.. attributes.Select(attribute => new KeyValuePair<string, string?>(attribute.Item1!, attribute.Item2))],
        };

    [Theory]
    [InlineData(64)]
    [InlineData(8192)]
    public async Task AnyEventGivesALineThatTheJournalTakesThatIsJsonAndHidesNothing(int maxValueLength)
    {
        await using var app = await RecordedApp.Start(_ => { }, audit => audit.Configure(options => options.MaxValueLength = maxValueLength));
        var recorder = app.Services.GetRequiredService<SecurityRecorder>();
        var journal = app.Services.GetRequiredService<JournalWriter>();

        Event.Sample(
            e =>
            {
                var line = new ArrayBufferWriter<byte>();
                var properties = new SerilogProperties();
                EcsJson.Write(line, SerilogEvent.From(recorder.Finish(e), properties), properties);

                Assert.True(journal.Append(line.WrittenSpan) >= 0);
                using var parsed = JsonDocument.Parse(line.WrittenMemory, new JsonDocumentOptions { AllowDuplicateProperties = false });
                Assert.All(Encoding.UTF8.GetString(line.WrittenSpan).EnumerateRunes(), rune => Assert.False(InvisibleCharacters.Contains(rune)));
                Assert.All(Strings(parsed.RootElement), text => Assert.DoesNotContain(text.EnumerateRunes(), InvisibleCharacters.Contains));
                Assert.False(parsed.RootElement.GetProperty("event.action").GetString()!.StartsWith("journal.", StringComparison.OrdinalIgnoreCase));
                Assert.False(parsed.RootElement.TryGetProperty("journal.id", out _));
            },
            iter: 300,
            threads: 1);
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Strings(field.Value).Append(field.Name)),
        _ => [],
    };
}
