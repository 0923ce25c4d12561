using System.Diagnostics;

namespace SecurityAudit.Journal.Tests;

/// <summary>Waits, for a bounded time, for what another thread or process is about to do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void True(Func<bool> condition, string expected)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                Assert.Fail($"Expected {expected} within {Patience.TotalSeconds} s.");
            }

            Thread.Sleep(1);
        }
    }
}
