using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using SecurityAudit.Detection.Engine;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>What memory holds is the whole process's: nothing else may run meanwhile.</summary>
[CollectionDefinition("Memory", DisableParallelization = true)]
public sealed class MemoryTests;

[Collection("Memory")]
public sealed class FloodTests
{
    private const int Attacks = 50;
    private const int Attempts = 60;

    /// <summary>The figures are those of the README.</summary>
    [Fact]
    public void FiftyAttacksInAnHourOfAMillionSourcesAndAMillionNamesAreAllToldInBoundedMemory()
    {
        const int Sources = 1_000_000;
        string[] raised = [];
        var memory = MemoryOf(() =>
        {
            var watched = new Watched();
            var line = new FloodLine(Failed("one", "203.0.113.7").Line());
            var every = Sources / (Attacks * Attempts);
            for (var n = 0; n < Sources; n++)
            {
                var at = Noon.AddMilliseconds(n * 3_600_000.0 / Sources);
                watched.SeesLine(line.Of(n, $"10.{n >> 16}.{(n >> 8) & 255}.{n & 255}", at));
                if (n % every == 0)
                {
                    var attack = n / every;
                    watched.SeesLine(line.Of(Sources + (attack / Attacks % 20), $"203.0.113.{attack % Attacks}", at));
                }
            }

            raised = [.. watched.Raised];
            return watched;
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"{memory / 1048576.0:0.0} MiB for all rules after {Sources} sources and as many names in an hour");
        Assert.Equal(
            Enumerable.Range(0, Attacks).Select(n => $"password_spraying 203.0.113.{n}").Order(StringComparer.Ordinal),
            raised.Where(one => one.StartsWith("password_spraying", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.InRange(memory / 1048576.0, 0.1, 32);
    }

    [Fact]
    public void TenThousandAttackersAtOnceWithHostileNamesStayWithinTheMemory()
    {
        var memory = MemoryOf(() =>
        {
            var watched = new Watched();
            var name = new string('x', 4096) + "\u202e\0\"";
            for (var attempt = 0; attempt < 16; attempt++)
            {
                for (var source = 0; source < 10_000; source++)
                {
                    watched.SeesLine(FailedUnknown($"{name}{attempt % 8}", $"10.1.{source >> 8}.{source & 255}", Noon.AddSeconds(attempt)).Line());
                    watched.Told.Clear();
                }
            }

            return watched;
        });

        Assert.InRange(memory / 1048576.0, 0.1, 32);
    }

    [Fact]
    public void AnEventThatNoRuleWantsCostsNoMemory()
    {
        var watched = new Watched();
        var order = At(SecurityEvents.Activity("order.place")).Line();
        watched.SeesLine(order);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 10_000; n++)
        {
            watched.SeesLine(order);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void NothingThatALineMayHoldThrowsAndEveryEndOfOneIsRead()
    {
        var watched = new Watched();
        var line = (Failed("ada") with { Reason = "\"event.action\":\"authn_login_success\" \ud800 \\" }).Line();
        for (var end = 0; end < line.Length; end++)
        {
            watched.SeesLine(line[..end]);
        }

        var random = new Random(7);
        for (var n = 0; n < 50_000; n++)
        {
            var copy = line.ToArray();
            for (var change = 0; change < 3; change++)
            {
                copy[random.Next(copy.Length)] = (byte)random.Next(256);
            }

            watched.SeesLine(copy);
        }

        Assert.Empty(watched.Failures);
    }

    [Fact]
    public void ASketchNeverSaysLessThanWasSeenAndSeldomMuchMore()
    {
        var sketch = new FrequencySketch();
        for (var key = 0UL; key < FrequencySketch.Period - 1000; key++)
        {
            sketch.Add(key * 2654435761);
        }

        var (twice, thrice) = (0, 0);
        for (var key = 0UL; key < 900; key++)
        {
            var seen = sketch.Add(ulong.MaxValue - key);
            Assert.True(seen >= 1);
            (twice, thrice) = (twice + (seen >= 2 ? 1 : 0), thrice + (seen >= 3 ? 1 : 0));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{twice} and {thrice} of 900");
        Assert.InRange(twice, 0, 300);
        Assert.InRange(thrice, 0, 60);
    }

    /// <summary>What is released with it: other hosts of the process may still be ending, so that what was there before says little.</summary>
    private static long MemoryOf(Func<Watched> make)
    {
        var held = Hold(make);
        var with = GC.GetTotalMemory(forceFullCollection: true);
        held[0] = null;
        return with - GC.GetTotalMemory(forceFullCollection: true);
    }

    // Of its own: no variable of the caller holds on to it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Watched?[] Hold(Func<Watched> make) => [make()];

    /// <summary>The same line with another source, name and time, made without much ado.</summary>
    private sealed class FloodLine(byte[] template)
    {
        private readonly string _text = Encoding.UTF8.GetString(template);

        public byte[] Of(int name, string source, DateTimeOffset at)
        {
            var text = _text
                .Replace("203.0.113.7", source, StringComparison.Ordinal)
                .Replace("2026-11-24T12:00:00+00:00", at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal);
            var hash = text.IndexOf("k1:", StringComparison.Ordinal) + 3;
            return Encoding.UTF8.GetBytes(string.Concat(text.AsSpan(0, hash), name.ToString("x16", CultureInfo.InvariantCulture), text.AsSpan(hash + 16)));
        }
    }
}
