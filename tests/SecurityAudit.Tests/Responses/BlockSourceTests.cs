using System.Globalization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Journal;
using static SecurityAudit.Tests.Responses.RespondingApp;

namespace SecurityAudit.Tests.Responses;

/// <summary>The source of an alert is blocked, over HTTP, and nobody else.</summary>
public sealed class BlockSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-respond-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private string Journal => Path.Combine(_folder.FullName, "audit");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AnAttackersRequestsAreRefusedBeforeAnythingLooksAtThemAndThatIsRecorded()
    {
        await using var app = await Start(time: _time);
        await app.Attack();

        var started = await app.Event("response_block_started");
        var alert = await app.Event("alert_brute_force");
        Assert.Equal(
            (Attacker, "brute_force", alert.Text("security_audit.alert.id"), "block_source", "429", "event"),
            (started.Text("source.ip"), started.Text("rule.id"), started.Text("security_audit.alert.id"), started.Text("security_audit.response.kind"),
                started.Text("http.response.status_code"), started.Text("event.kind")));
        Assert.Equal(
            Moment(alert.Text("@timestamp")).AddMinutes(15), Moment(started.Text("security_audit.response.until")), TimeSpan.FromMilliseconds(1));

        using (var refused = await app.Forwarded(Attacker, "/login?name=ann", HttpMethod.Post))
        {
            Assert.Equal((429, TimeSpan.FromMinutes(15)), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        }

        await app.Attack();
        Assert.Equal((200, 10), (await app.StatusFor(Visitor), (await app.Events("authn_login_fail")).Count));

        _time.Advance(TimeSpan.FromMinutes(1));
        var summed = await app.Event("response_requests_blocked");
        Assert.Equal(("11", "10", Attacker), (summed.Text("security_audit.response.requests"), summed.Text("security_audit.repeated"), summed.Text("source.ip")));
    }

    [Fact]
    public async Task ABlockIsOverByItself()
    {
        await using var app = await Start(options => (options.BlockSource.Duration, options.BlockSource.StatusCode) = (TimeSpan.FromMinutes(5), 403), _time);
        await app.Attack();
        await app.Event("response_block_started");
        Assert.Equal(403, await app.StatusFor(Attacker));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(200, await app.StatusFor(Attacker));

        var ended = await app.Event("response_block_ended");
        Assert.Equal((Attacker, "1"), (ended.Text("source.ip"), ended.Text("security_audit.response.requests")));
    }

    [Fact]
    public async Task WhoTypesAnothersNameLocksNobodyElseOut()
    {
        await using var app = await Start();
        await app.Attack(Attacker, "ann");
        await app.Event("response_block_started");

        using var ann = await app.Forwarded(Visitor, "/login?name=ann", HttpMethod.Post);
        Assert.Equal((401, 429), ((int)ann.StatusCode, await app.StatusFor(Attacker)));
    }

    [Fact]
    public async Task AnAttackOnOneAccountFromManyAddressesBlocksNobody()
    {
        await using var app = await Start();
        for (var address = 1; address <= 10; address++)
        {
            using var answer = await app.Forwarded($"203.0.113.{address}", "/login?name=ann", HttpMethod.Post);
        }

        await app.Event("alert_distributed_brute_force");
        await app.Attack("192.0.2.9", "eve"); // whose alert comes after that one
        await app.Event("response_block_started");
        Assert.Equal(200, await app.StatusFor("203.0.113.1"));
    }

    [Fact]
    public async Task AnAddressThatWhoeverIsNoKnownProxyForwardsBlocksNobodyButItsSender()
    {
        await using var app = await Start();
        await Attack((path, method) => app.Connected("203.0.113.9", says: Visitor, path, method));

        Assert.Equal("203.0.113.9", (await app.Event("response_block_started")).Text("source.ip"));
        using var again = await app.Connected("203.0.113.9");
        using var disguised = await app.Connected("203.0.113.9", says: "192.0.2.77");
        using var visitor = await app.Connected(Visitor);
        Assert.Equal((429, 429, 200), ((int)again.StatusCode, (int)disguised.StatusCode, (int)visitor.StatusCode));
    }

    [Fact]
    public async Task WhatTheAttackerPutsBeforeTheProxysOwnWordNeitherBlocksNorSavesAnybody()
    {
        await using var app = await Start();
        await app.Attack($"{Visitor}, {Attacker}");

        Assert.Equal(Attacker, (await app.Event("response_block_started")).Text("source.ip"));
        Assert.Equal((429, 429, 200), (await app.StatusFor(Attacker), await app.StatusFor($"192.0.2.1, {Attacker}"), await app.StatusFor(Visitor)));
    }

    [Fact]
    public async Task NobodyIsBlockedWhereWhoeverSendsARequestChoosesItsAddress()
    {
        var log = new CollectingLogger();
        await using var app = await Start(log: log, forward: options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
        });
        await Attack((path, method) => app.Connected("203.0.113.9", says: Visitor, path, method));

        Assert.StartsWith(
            "ForwardedHeadersOptions trusts every sender", (await app.Event("response_withheld")).Text("event.reason"), StringComparison.Ordinal);
        Assert.Contains(log.Said, said => said.StartsWith("No source will be blocked: ForwardedHeadersOptions trusts every sender", StringComparison.Ordinal));
        using var visitor = await app.Connected(Visitor);
        Assert.Equal(200, (int)visitor.StatusCode);
    }

    [Theory]
    [InlineData("192.0.2.5", "SecurityAudit:Response:NeverBlock has this address")]
    [InlineData("10.1.2.3", "a proxy may have this address")]
    [InlineData("127.0.0.9", "this machine itself is never blocked")]
    [InlineData("::ffff:127.0.0.9", "this machine itself is never blocked")]
    [InlineData("198.51.100.200", "everybody behind this proxy would be blocked")]
    [InlineData("64:ff9b::203.0.113.7", "many who share nothing have addresses in this network")]
    [InlineData("nowhere", "the alert has no address")]
    public async Task AnAddressThatIsNeverBlockedIsNotAndTheReasonIsRecorded(string source, string reason)
    {
        await using var app = await Start(
            options => options.NeverBlock.Add("192.0.2.0/29"),
            forward: options => options.KnownProxies.Add(System.Net.IPAddress.Parse("198.51.100.200")));
        await Attack((path, method) => app.Connected(source, says: null, path, method));
        Assert.StartsWith(reason, (await app.Event("response_withheld")).Text("event.reason"), StringComparison.Ordinal);
        using var answer = await app.Connected(source);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task BehindAUnixSocketTheAddressThatTheProxyForwardsIsBlocked()
    {
        await using var app = await Start();
        await Attack((path, method) => app.Connected("nowhere", says: Attacker, path, method));
        await app.Event("response_block_started");

        using var attacker = await app.Connected("nowhere", says: Attacker);
        using var visitor = await app.Connected("nowhere", says: Visitor);
        using var unknown = await app.Connected("nowhere");
        Assert.Equal((429, 200, 200), ((int)attacker.StatusCode, (int)visitor.StatusCode, (int)unknown.StatusCode));
    }

    [Fact]
    public async Task OneExceptedAddressInABlockedNetworkIsLetIn()
    {
        await using var app = await Start(options => options.NeverBlock.Add("2001:db8:1:2::5"));
        await app.Attack("2001:db8:1:2::bad");
        await app.Event("response_block_started");

        Assert.Equal((429, 200, 200), (await app.StatusFor("2001:db8:1:2::77"), await app.StatusFor("2001:db8:1:2::5"), await app.StatusFor("2001:db8:1:3::1")));
    }

    [Fact]
    public async Task PrivateNetworksAreBlockedWhereTheOwnerSaysSo()
    {
        await using var app = await Start(options => options.BlockSource.IncludePrivateNetworks = true);
        await app.Attack("10.1.2.3");
        await app.Event("response_block_started");

        Assert.Equal((429, 200), (await app.StatusFor("10.1.2.3"), await app.StatusFor("10.1.2.4")));
    }

    [Fact]
    public async Task ATrialRecordsWhatItWouldDoAndDoesNothing()
    {
        await using var app = await Start(options => options.DryRun = true);
        await app.Attack();

        var trial = await app.Event("response_dry_run");
        Assert.Equal((Attacker, "block_source"), (trial.Text("source.ip"), trial.Text("security_audit.response.kind")));
        Assert.Equal(200, await app.StatusFor(Attacker));
    }

    [Fact]
    public async Task OnlyTheRulesThatTheOwnerNamesBlock()
    {
        await using var app = await Start(options => options.BlockSource.Rules.Add("attack_tool"));
        await app.Attack();
        await app.Event("alert_brute_force");
        using (var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative)))
        {
            request.Headers.Add("X-Forwarded-For", "203.0.113.8");
            request.Headers.Add("User-Agent", "sqlmap/1.8");
            using var answer = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }

        var started = await app.Event("response_block_started");
        Assert.Equal(("attack_tool", "203.0.113.8"), (started.Text("rule.id"), started.Text("source.ip")));
        Assert.Equal(200, await app.StatusFor(Attacker));
    }

    [Fact]
    public async Task WhereNothingMayHappenThatIsNotRecordedTheBlockHoldsAll()
    {
        await using var app = await Start(configure: options => options.Journal.FailureMode = JournalFailureMode.Refuse);
        await app.Attack();
        await app.Event("response_block_started");

        Assert.Equal((429, 200), (await app.StatusFor(Attacker), await app.StatusFor(Visitor)));
    }

    [Fact]
    public async Task ABlockGoesOnAfterARestartUntilTheMomentThatItHadBefore()
    {
        await using (var app = await Start(time: _time, journal: Journal))
        {
            await app.Attack();
            await app.Event("response_block_started");
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await using (var app = await Start(time: _time, journal: Journal))
        {
            using var refused = await Until(() => app.Forwarded(Attacker), answer => (int)answer.StatusCode == 429);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));

            _time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(200, await app.StatusFor(Attacker));
            await app.Event("response_block_ended");
        }

        Assert.Single(JournalEvents.Read(Journal), e => e.Text("event.action") == "response_block_started");
    }

    [Fact]
    public async Task ABlockThatIsOverWhileTheApplicationIsDownIsRecordedAsOver()
    {
        await using (var app = await Start(time: _time, journal: Journal))
        {
            await app.Attack();
            await app.Event("response_block_started");
        }

        _time.Advance(TimeSpan.FromHours(2));
        await using (var app = await Start(time: _time, journal: Journal))
        {
            await app.Event("response_block_ended");
            Assert.Equal(200, await app.StatusFor(Attacker));
        }
    }

    [Fact]
    public async Task AnAlertThatACrashLeftWithoutAnAnswerIsAnsweredAtTheNextStartUntilTheMomentThatItWouldHaveHad()
    {
        await using (var app = await Start(options => options.BlockSource.Enabled = false, _time, Journal))
        {
            await app.Attack();
            await app.Event("alert_brute_force");
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await using (var app = await Start(time: _time, journal: Journal))
        {
            await app.Event("response_block_started");
            using var refused = await app.Forwarded(Attacker);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task AClockThatIsSetBackMakesNoBlockLonger()
    {
        await using var app = await Start(time: new Clock(_time, () => _set), journal: null);
        await app.Attack();
        await app.Event("response_block_started");

        _set = TimeSpan.FromHours(-2);
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(200, await app.StatusFor(Attacker));
    }

    private TimeSpan _set;

    private static DateTimeOffset Moment(string? text) => DateTimeOffset.Parse(text!, CultureInfo.InvariantCulture);

    private static async Task<HttpResponseMessage> Until(Func<Task<HttpResponseMessage>> send, Func<HttpResponseMessage, bool> holds)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); ; await Task.Delay(5))
        {
            var answer = await send();
            if (holds(answer) || DateTime.UtcNow > deadline)
            {
                Assert.True(holds(answer), $"{answer.StatusCode}");
                return answer;
            }

            answer.Dispose();
        }
    }

    /// <summary>A machine's clock that somebody sets, beside one that goes on.</summary>
    private sealed class Clock(FakeTimeProvider time, Func<TimeSpan> set) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + set();

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
    }
}
