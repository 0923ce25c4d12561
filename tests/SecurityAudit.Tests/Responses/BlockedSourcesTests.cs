using System.Net;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Capture;
using SecurityAudit.Responses;

namespace SecurityAudit.Tests.Responses;

public sealed class BlockedSourcesTests
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Fact]
    public void NoMoreThanTenThousandSourcesAreBlockedAndNoneOfThemIsLetGoForAnother()
    {
        var blocked = new BlockedSources(_time);
        for (var n = 0; n < BlockedSources.Most; n++)
        {
            Assert.True(Start(blocked, Source(n)));
        }

        Assert.Null(Start(blocked, Source(BlockedSources.Most)));
        Assert.Equal((true, false), (blocked.Find(Source(0)) is not null, blocked.Find(Source(BlockedSources.Most)) is not null));

        _time.Advance(Quarter);
        Assert.Equal((10_000, false), (blocked.TakeOver().Count, blocked.Any));
        Assert.True(Start(blocked, Source(BlockedSources.Most)));
    }

    [Fact]
    public void ABlockIsMadeLongerNeverShorterAndItsCountGoesOn()
    {
        var blocked = new BlockedSources(_time);
        Start(blocked, Source(1));
        blocked.Find(Source(1))!.Refuse();

        Assert.False(blocked.Start(Source(1), SomeResponse.Alert(), _time.GetUtcNow(), TimeSpan.FromMinutes(1)));
        Assert.True(blocked.Start(Source(1), SomeResponse.Alert(), _time.GetUtcNow() + 2 * Quarter, 2 * Quarter));
        blocked.Find(Source(1))!.Refuse();

        _time.Advance(Quarter);
        Assert.Empty(blocked.TakeOver());
        _time.Advance(Quarter);
        Assert.Equal(2, Assert.Single(blocked.TakeOver()).Requests);
    }

    [Fact]
    public async Task WhatManyThreadsDoAtOnceIsCountedToTheLastRequest()
    {
        const int Threads = 8, Each = 5_000, Sources = 50;
        var blocked = new BlockedSources(_time);
        for (var n = 0; n < Sources; n++)
        {
            Start(blocked, Source(n));
        }

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var n = 0; n < Each; n++)
            {
                blocked.Find(Source(n % Sources))!.Refuse();
                if (n % 500 == 0)
                {
                    // Others are blocked, some of them for longer, while requests come.
                    blocked.Start(Source(n % Sources), SomeResponse.Alert(), _time.GetUtcNow(), Quarter + TimeSpan.FromSeconds((thread * Each) + n + 1));
                    Start(blocked, Source(1000 + (thread * Each) + n));
                }
            }
        })));

        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(Threads * Each, blocked.TakeOver().Sum(block => block.Requests));
        Assert.False(blocked.Any);
    }

    private static SourceNetwork Source(int n) => SourceNetwork.Of(new IPAddress([203, (byte)(n >> 16), (byte)(n >> 8), (byte)n]));

    private bool? Start(BlockedSources blocked, SourceNetwork source) => blocked.Start(source, SomeResponse.Alert(), _time.GetUtcNow() + Quarter, Quarter);
}
