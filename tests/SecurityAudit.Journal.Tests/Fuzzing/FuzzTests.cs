namespace SecurityAudit.Journal.Tests.Fuzzing;

/// <summary>
/// Nothing that is put into a journal makes its readers throw, and no changed byte passes for the one that was written. Seeds are fixed, so
/// but for the signatures a failure names its seed and its input, and comes again.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>Of a thousand inputs: texts and lines are cheap, files cost a verification each.</summary>
    private const int Texts = 450, Lines = 450, Scans = 70, Resealed = 15, Files = 15;

    [Fact]
    public void NoChangedByteIsAcceptedAndNothingThrows() => Fuzz(thousands: 200, firstSeed: 1);

    [Fact(Explicit = true)]
    [Trait("Category", "Campaign")]
    public void NoChangedByteOfTenMillionInputsIsAcceptedAndNothingThrows() => Fuzz(thousands: 10_000, firstSeed: 1_000_000);

    private void Fuzz(int thousands, int firstSeed)
    {
        using var sound = new SoundLog();
        var inputs = 0L;
        Parallel.For(
            0,
            thousands,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
            thousand =>
            {
                var seed = firstSeed + thousand;
                using var targets = new Targets(sound, new Mutator(seed));
                Try(targets.Text, Texts, seed);
                Try(targets.Line, Lines, seed);
                Try(targets.Scan, Scans, seed);
                Try(targets.Resealed, Resealed, seed);
                Try(targets.Files, Files, seed);
                Interlocked.Add(ref inputs, Texts + Lines + Scans + Resealed + Files);
            });
        output.WriteLine($"{inputs} inputs");
    }

    private static void Try(Action target, int times, int seed)
    {
        for (var i = 0; i < times; i++)
        {
            try
            {
                target();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{target.Method.Name}, seed {seed}, input {i}: {e.Message}", e);
            }
        }
    }
}
