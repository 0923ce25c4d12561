namespace SecurityAudit.Journal.Tests.Recovery;

public sealed class CrashStateTests(ITestOutputHelper output)
{
    [Fact]
    public void AMillionCrashesLoseNoAcknowledgedLineMisreadNoneAndLookLikeNoTampering() => Try(1_000_000, seeds: 4);

    [Fact(Explicit = true)]
    [Trait("Category", "Campaign")]
    public void TenMillionCrashesLoseNoAcknowledgedLineMisreadNoneAndLookLikeNoTampering() => Try(10_000_000, seeds: 16);

    private void Try(long states, int seeds)
    {
        var tried = new CrashStates[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var crashes = tried[seed] = new CrashStates(seed);
            while (crashes.Tried < states / seeds)
            {
                crashes.TryOne();
            }
        });

        Assert.True(tried.Sum(t => t.Tried) >= states);
        Assert.All(tried, t => Assert.True(t.ExtraLinesKept > 0 && t.EarlierLinesKept > 0)); // the states are not all alike
        output.WriteLine(
            $"{tried.Sum(t => t.Tried)} crash states; in {tried.Sum(t => t.ExtraLinesKept)} of them lines beyond the acknowledged ones stood and were kept, "
            + $"in {tried.Sum(t => t.EarlierLinesKept)} lines of an earlier try.");
    }
}
