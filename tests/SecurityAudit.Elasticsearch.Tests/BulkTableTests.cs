using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>Every row of the table of answers, against an engine that does what is asked of it at will.</summary>
public sealed class BulkTableTests : StrictEngineTests
{
    [Fact]
    public async Task TheDocumentIsTheJournalLineByteForByte()
    {
        var (log, _) = await ShipAsync(2500);

        AssertStoredOnce(log, 2500);
        Assert.All(Engine.Calls, call => Assert.Equal("gzip", call.Encoding));
        Assert.All(Engine.Calls, call => Assert.Contains("require_data_stream=true&include_source_on_error=false", call.Query, StringComparison.Ordinal));
        Assert.Equal([1000, 1000, 500], Engine.Calls.Select(call => call.Documents.Count));
    }

    [Fact]
    public async Task ABatchIsNeverLargerThanItsBytes()
    {
        var options = Some.Options(Engine.Url);
        options.BatchBytes = 128 * 1024;

        var (log, _) = await ShipAsync(1000, options);

        AssertStoredOnce(log, 1000);
        Assert.All(Engine.Calls, call => Assert.InRange(call.Bytes - (call.Documents.Count * 60), 0, 128 * 1024));
    }

    [Fact]
    public async Task AnEventThatIsAlreadyThereIsDone()
    {
        var log = Some.Log(10);
        await RunAsync(log);
        ForgetBookmark(log);

        using var again = await RunAsync(log);

        AssertStoredOnce(log, 10);
        Assert.Equal(9, again.Files.Load()!.Bookmark!.Sequence);
    }

    [Fact]
    public async Task TheIdCarriesTheHashSoThatALineOfACopyIsStoredBesideTheLogsOwn()
    {
        var log = Some.Log(3);
        await RunAsync(log);
        var copy = Some.Log(3, i => Some.Payload(i + 1000), log.Id);
        ForgetBookmark(log);

        using var run = await RunAsync(copy);

        Assert.Equal(6, Engine.Stored.Count);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(log.Line(i), Engine.Stored.Single(pair => pair.Key.Id == log.IdOf(i)).Value);
            Assert.Equal(copy.Line(i), Engine.Stored.Single(pair => pair.Key.Id == copy.IdOf(i)).Value);
        }

        Assert.Empty(run.Files.DeadLetters());
    }

    [Fact]
    public async Task AForkIsToldWhereTheKeyMayRead()
    {
        var log = Some.Log(3);
        await RunAsync(log);
        Engine.MayRead = true;
        var copy = Some.Log(3, i => i == 1 ? Some.Opened : Some.Payload(i + 1000), log.Id);
        ForgetBookmark(log);

        using var run = await RunAsync(copy);

        var notice = Assert.Single(run.Notices, notice => notice.Kind == ShippingNoticeKind.Fork);
        Assert.Contains($"The engine holds 2 different lines 1 of log {log.Id}", notice.Message, StringComparison.Ordinal);
        Assert.Equal(1, run.Files.Load()!.ForkedAt);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task OnlyTheItemsThatTheEngineHadNoRoomForAreSentAgain(int status)
    {
        Engine.NextAnswer(answer =>
        {
            foreach (var i in new[] { 3, 7 })
            {
                var create = answer["items"]![i]!["create"]!;
                Engine.Stored.TryRemove(((string)create["_index"]!, (string)create["_id"]!), out _);
                create["status"] = status;
            }

            return answer.ToJsonString();
        });

        var (log, _) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Equal([log.IdOf(3), log.IdOf(7)], Engine.Calls[1].Documents.Select(document => document.Id));
    }

    [Fact]
    public async Task ARefusedEventIsKeptWithItsReasonAndAnEnvelopeIsShipped()
    {
        Engine.Refuse(
            document => document.Id.Contains("-4-", StringComparison.Ordinal)
                && !Encoding.UTF8.GetString(document.Source).Contains("envelope", StringComparison.Ordinal)
                ? 400
                : null);

        var (log, run) = await ShipAsync(10);

        Assert.Equal(10, Engine.Stored.Count);
        var envelope = JsonNode.Parse(Engine.Stored.Single(pair => pair.Key.Id == log.IdOf(4)).Value)!;
        Assert.Equal((string)JsonNode.Parse(log.Line(4))!["event.hash"]!, (string)envelope["event.hash"]!);
        Assert.Equal("authn_login_fail", (string)envelope["event.action"]!);
        Assert.DoesNotContain("hunter2", envelope.ToJsonString(), StringComparison.Ordinal);
        var letter = Assert.Single(run.Files.DeadLetters());
        Assert.Equal((4, 400), (letter.Sequence, letter.Status));
        Assert.Contains("document_parsing_exception", letter.Reason, StringComparison.Ordinal);
        Assert.Single(run.Notices, notice => notice.Kind == ShippingNoticeKind.DeadLetter);
    }

    [Fact]
    public async Task AnEnvelopeThatIsRefusedTooDoesNotHoldUpTheRest()
    {
        Engine.Refuse(document => document.Id.Contains("-4-", StringComparison.Ordinal) ? 400 : null);

        var (_, run) = await ShipAsync(10);

        Assert.Equal(9, Engine.Stored.Count);
        Assert.StartsWith("the envelope too", Assert.Single(run.Files.DeadLetters()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEventThatWentToTheFailureStoreIsCountedAndShownByAnEnvelope()
    {
        Engine.NextAnswer(answer =>
        {
            var create = answer["items"]![2]!["create"]!;
            Engine.Stored.TryRemove(((string)create["_index"]!, (string)create["_id"]!), out _);
            create["failure_store"] = "used";
            return answer.ToJsonString();
        });

        var (log, run) = await ShipAsync(5);

        Assert.Single(run.Notices, notice => notice.Kind == ShippingNoticeKind.Redirected);
        Assert.Equal(2, Assert.Single(run.Files.DeadLetters()).Sequence);
        Assert.Contains("envelope", Encoding.UTF8.GetString(Engine.Stored.Single(pair => pair.Key.Id == log.IdOf(2)).Value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task AWholeRefusalForLackOfRoomKeepsAllAndTriesAgainWithLessAfterTheSecond(int status)
    {
        Engine.NextStatus(status, times: 3);

        var (log, run) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Equal([10, 10, 5, 2, 4, 4], Engine.Calls.Select(call => call.Documents.Count));
        Assert.Equal([ShippingNoticeKind.Waiting, ShippingNoticeKind.Resumed], run.Notices.Select(notice => notice.Kind));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(405)]
    [InlineData(418)]
    public async Task ARefusalThatSomebodyMustLookAtPausesAndLosesNothing(int status)
    {
        Engine.NextStatus(status, times: 3);

        var (log, run) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Equal([ShippingNoticeKind.Paused, ShippingNoticeKind.Resumed], run.Notices.Select(notice => notice.Kind));
        Assert.Contains($"{status} x: y", run.Notices[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task ItemsThatSpeakOfTheTargetPauseToo(int status)
    {
        var closed = true;
        Engine.Refuse(_ => closed ? status : null);
        using var run = new ShippingRun(Some.Log(10), Some.Options(Engine.Url), Folder.Path);
        var shipping = run.ToEndAsync();
        await EventuallyAsync(() => run.Files.Load()!.State == ShippingState.Paused);
        closed = false;

        await shipping;

        Assert.Equal(10, Engine.Stored.Count);
        Assert.Empty(run.Files.DeadLetters());
    }

    [Theory]
    [InlineData("index_closed_exception", "closed")]
    [InlineData("illegal_argument_exception", "pipeline with id [securityaudit.events.ingested] does not exist")]
    public async Task AnItemsErrorThatSpeaksOfTheTargetPausesAndSetsNothingAside(string type, string reason)
    {
        Engine.NextAnswer(answer =>
        {
            foreach (var item in answer["items"]!.AsArray())
            {
                var create = item!["create"]!;
                Engine.Stored.TryRemove(((string)create["_index"]!, (string)create["_id"]!), out _);
                create["status"] = 400;
                create["error"] = new JsonObject { ["type"] = type, ["reason"] = reason };
            }

            return answer.ToJsonString();
        });

        var (log, run) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Empty(run.Files.DeadLetters());
        Assert.Equal([ShippingNoticeKind.Paused, ShippingNoticeKind.Resumed], run.Notices.Select(notice => notice.Kind));
        Assert.Contains(reason, run.Notices[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryAfterIsHonoured()
    {
        var time = new WatchedTime(Some.Time);
        Engine.NextStatus(429, more: context => context.Response.Headers.RetryAfter = "7");
        using var run = new ShippingRun(Some.Log(1), Some.Options(Engine.Url), Folder.Path, time: time);
        var shipping = run.ToEndAsync();
        await EventuallyAsync(() => time.IsAwaited(TimeSpan.FromSeconds(7)));

        time.Advance(TimeSpan.FromSeconds(6.9));
        var early = Engine.Calls.Count;
        time.Advance(TimeSpan.FromSeconds(0.2));
        await shipping;

        Assert.Equal(1, early);
        Assert.Equal(2, Engine.Calls.Count);
    }

    [Fact]
    public async Task ABodyThatIsTooLargeIsHalvedAndGrowsAgain()
    {
        const int limit = 20_000;
        for (var i = 0; i < 200; i++)
        {
            Engine.Next(TooLarge);
        }

        var (log, run) = await ShipAsync(500);

        AssertStoredOnce(log, 500);
        Assert.Empty(run.Files.DeadLetters());

        static async Task<bool> TooLarge(HttpContext context, BulkCall call)
        {
            if (call.Bytes <= limit)
            {
                return false;
            }

            context.Response.StatusCode = 413;
            await context.Response.WriteAsync("");
            return true;
        }
    }

    [Fact]
    public async Task ASingleEventThatIsTooLargeGoesAsAnEnvelope()
    {
        for (var i = 0; i < 100; i++)
        {
            Engine.Next((context, call) =>
            {
                if (call.Bytes > 5000)
                {
                    context.Response.StatusCode = 413;
                }

                return Task.FromResult(call.Bytes > 5000);
            });
        }

        var (_, run) = await ShipAsync(3, payload: i => i == 1 ? Some.Payload(i)[..^1] + $",\"x\":\"{new string('x', 20_000)}\"}}" : Some.Payload(i));

        Assert.Equal(1, Assert.Single(run.Files.DeadLetters()).Sequence);
        Assert.Equal(3, Engine.Stored.Count);
    }

    [Fact]
    public async Task ARequestThatOneEventSpoilsIsBisectedToIt()
    {
        for (var i = 0; i < 100; i++)
        {
            Engine.Next(async (context, call) =>
            {
                if (!call.Documents.Any(document => Encoding.UTF8.GetString(document.Source).Contains("poison", StringComparison.Ordinal)))
                {
                    return false;
                }

                context.Response.StatusCode = 400;
                await context.Response.WriteAsync("""{"error":{"type":"illegal_argument_exception","reason":"Malformed content"},"status":400}""");
                return true;
            });
        }

        var (_, run) = await ShipAsync(100, payload: i => i == 37 ? Some.Payload(i).Replace("shop", "poison", StringComparison.Ordinal) : Some.Payload(i));

        Assert.Equal(37, Assert.Single(run.Files.DeadLetters()).Sequence);
        Assert.Equal(100, Engine.Stored.Count);
    }

    [Fact]
    public async Task AWhole400OfTheNetworksMakingSetsNothingAside()
    {
        Engine.NextStatus(400, times: 2);

        var (log, run) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Empty(run.Files.DeadLetters());
    }

    [Fact]
    public async Task AParameterThatTheVersionDoesNotKnowIsLeftOut()
    {
        Engine.NextStatus(
            400,
            """{"error":{"type":"illegal_argument_exception","reason":"request [/x/_bulk] contains unrecognized parameter: [require_data_stream]"},"status":400}""");

        var (log, _) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.DoesNotContain("require_data_stream", Engine.Calls[1].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatNeverCameIsSentAgainAndMetByItsId()
    {
        Engine.NextStoredWithoutAnswer();

        var (log, run) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Equal(2, Engine.Calls.Count);
        Assert.Empty(run.Files.Doubts());
    }

    [Fact]
    public async Task ASilentEngineIsGivenUpAfterTheTimeout()
    {
        Engine.Next(async (context, _) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        });
        var options = Some.Options(Engine.Url);
        options.RequestTimeout = TimeSpan.FromMilliseconds(200);

        var (log, run) = await ShipAsync(10, options);

        AssertStoredOnce(log, 10);
        Assert.Contains("gave no answer within 00:00:00.2", run.Notices[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count")]
    [InlineData("order")]
    [InlineData("garbage")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("status")]
    [InlineData("action")]
    [InlineData("trailing")]
    public async Task AnAnswerThatDoesNotFitTheRequestSettlesNothing(string wrong)
    {
        Engine.NextAnswer(answer =>
        {
            var items = answer["items"]!.AsArray();
            switch (wrong)
            {
                case "count":
                    items.RemoveAt(3);
                    break;
                case "order":
                    (items[0]!["create"]!["_id"], items[1]!["create"]!["_id"]) = (items[1]!["create"]!["_id"]!.DeepClone(), items[0]!["create"]!["_id"]!.DeepClone());
                    break;
                case "status":
                    items[5]!["create"]!["status"] = "201";
                    break;
                case "action":
                    items[5] = new JsonObject { ["index"] = items[5]!["create"]!.DeepClone() };
                    break;
            }

            var text = answer.ToJsonString();
            return wrong switch { "garbage" => "<html>Bad gateway</html>", "truncated" => text[..^20], "empty" => "", "trailing" => text + "x", _ => text };
        });

        var (log, run) = await ShipAsync(10);

        AssertStoredOnce(log, 10);
        Assert.Equal(2, Engine.Calls.Count);
        Assert.Equal(10, Engine.Calls[1].Documents.Count);
        Assert.Contains("does not fit the request", run.Notices[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARollOverBetweenTryAndRetryLeavesExactlyThatRangeInDoubt()
    {
        var log = Some.Log(20);
        log.Count = 10;
        using var run = new ShippingRun(log, Some.Options(Engine.Url), Folder.Path);
        await run.ToEndAsync();
        Engine.NextStoredWithoutAnswer();
        Engine.Next((_, _) =>
        {
            Engine.Generation = 2;
            return Task.FromResult(false);
        });
        log.Count = 20;

        await run.ToEndAsync();

        var doubt = Assert.Single(run.Files.Doubts());
        Assert.Equal((10, 19), (doubt.From, doubt.To));
        Assert.Equal(30, Engine.Stored.Count); // the doubt is justified: ten are there twice
        Assert.Single(run.Notices, notice => notice.Kind == ShippingNoticeKind.Doubtful);
    }

    [Fact]
    public async Task ARollOverWithoutAFailureLeavesNoDoubt()
    {
        var log = Some.Log(20);
        log.Count = 10;
        using var run = new ShippingRun(log, Some.Options(Engine.Url), Folder.Path);
        await run.ToEndAsync();
        Engine.Generation = 2;
        log.Count = 20;

        await run.ToEndAsync();

        Assert.Empty(run.Files.Doubts());
        Assert.Equal(20, Engine.Stored.Count);
    }

    [Fact]
    public async Task AnApplicationThatDiedBeforeItsBookmarkDoubtsARollOverSinceThen()
    {
        var log = Some.Log(20);
        log.Count = 10;
        using (var first = await RunAsync(log))
        {
            var before = File.ReadAllBytes(Path.Combine(Folder.Path, "shipping", log.Id + ".bookmark"));
            log.Count = 20;
            await first.ToEndAsync();
            File.WriteAllBytes(Path.Combine(Folder.Path, "shipping", log.Id + ".bookmark"), before); // the kill came before the bookmark
        }

        Engine.Generation = 2;
        using var second = await RunAsync(log);

        Assert.Equal((10, 19), (second.Files.Doubts()[0].From, second.Files.Doubts()[0].To));
    }

    [Fact]
    public async Task AnIndexPerPeriodStoresOnceWhateverHappens()
    {
        Engine.NextStoredWithoutAnswer();
        Engine.Next((_, _) =>
        {
            Engine.Generation = 2;
            return Task.FromResult(false);
        });
        var log = Some.Log(10, i => Some.Payload(i).Replace("2026-11", i % 2 == 0 ? "2026-11" : "2026-12", StringComparison.Ordinal));

        using var run = await RunAsync(log, target: Some.Target("default", ElasticsearchLayout.IndexPerPeriod));

        Assert.Equal(10, Engine.Stored.Count);
        Assert.Equal(["logs-securityaudit.events-default-2026.11", "logs-securityaudit.events-default-2026.12"], Engine.Stored.Keys.Select(key => key.Index).Distinct().Order());
        Assert.Empty(run.Files.Doubts());
    }

    [Fact]
    public async Task OrderIsKept()
    {
        Engine.NextStatus(429, times: 2);
        Engine.NextStoredWithoutAnswer();
        var options = Some.Options(Engine.Url);
        options.BatchEvents = 10;

        var (log, _) = await ShipAsync(100, options);

        var firsts = Engine.Calls.Select(call => long.Parse(call.Documents[0].Id.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(firsts.Order(), firsts);
        AssertStoredOnce(log, 100);
    }

    private void ForgetBookmark(MemoryLog log) => File.Delete(Path.Combine(Folder.Path, "shipping", log.Id + ".bookmark"));

    private async Task<(MemoryLog Log, ShippingRun Run)> ShipAsync(int count, ElasticsearchOptions? options = null, Func<long, string>? payload = null)
    {
        var log = Some.Log(count, payload);
        return (log, await RunAsync(log, options));
    }

    private void AssertStoredOnce(MemoryLog log, int count)
    {
        Assert.Equal(count, Engine.Stored.Count);
        foreach (var ((_, id), source) in Engine.Stored)
        {
            Assert.Equal(log.Line(long.Parse(id.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture)), source);
        }
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(5, bound.Token);
        }
    }
}
