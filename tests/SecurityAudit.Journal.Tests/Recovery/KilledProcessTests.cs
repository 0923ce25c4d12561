namespace SecurityAudit.Journal.Tests.Recovery;

public sealed class KilledProcessTests : IDisposable
{
    private const int Rounds = 20;
    private const int EventsPerRound = 1000;

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EveryAcknowledgedEventSurvivesTwentyKillsInTheMidstOfAThousand()
    {
        var random = new Random(7);
        var acknowledged = new HashSet<long>();
        for (var round = 0; round < Rounds; round++)
        {
            using var driver = DriverProcess.Start("append", _folder.Path, $"{EventsPerRound}");
            var killAfter = random.Next(1, EventsPerRound);
            for (var i = 0; await driver.Process.StandardOutput.ReadLineAsync() is { } line; i++)
            {
                Assert.StartsWith(_folder.Path + " ", line, StringComparison.Ordinal);
                Assert.True(acknowledged.Add(long.Parse(line[(_folder.Path.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture)));
                if (i == killAfter)
                {
                    driver.Process.Kill();
                }
            }

            await driver.ExitCodeAsync();
        }

        await using (_folder.Open())
        {
        }

        var lines = _folder.Lines();
        Assert.All(acknowledged, sequence => Assert.Equal("test", lines[(int)sequence].GetProperty("event.action").GetString()));
        Assert.True(acknowledged.Count > Rounds);
        Assert.False(Directory.Exists(JournalDirectory.LogDirectory(_folder.Path, 1)));
        _folder.AssertSound();
    }
}
