using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using Serilog.Core;
using Serilog.Events;

namespace SecurityAudit.Tests.Recording;

public sealed class FailureModeTests
{
    private static void Map(WebApplication app)
    {
        app.MapGet("/login", () => TypedResults.SignIn(Some.Principal()));
        app.MapGet("/", () => "hello");
    }

    /// <summary>The journal is closed under the application's feet: from then on it takes nothing.</summary>
    private static void Break(RecordedApp app) => app.Services.GetRequiredService<JournalWriter>().Dispose();

    [Fact]
    public async Task WhereTheOwnerChoseRefuseNoSessionIsIssuedThatIsNotRecorded()
    {
        await using var app = await RecordedApp.Start(Map, audit => audit.Configure(options =>
        {
            options.Journal.FailureMode = JournalFailureMode.Refuse;
            options.Journal.WaitTimeout = TimeSpan.FromMilliseconds(100);
        }));
        Break(app);

        var answer = await app.Client.GetAsync("/login");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Equal("hello", await app.Client.GetStringAsync("/"));
        Assert.Throws<JournalUnavailableException>(() => app.Audit.Record(Some.Event()));
    }

    [Fact]
    public async Task WhereTheOwnerChoseContinueTheApplicationDoesNotNoticeAJournalThatFails()
    {
        await using var app = await RecordedApp.Start(Map, audit => audit.Configure(options => options.Journal.WaitTimeout = TimeSpan.FromMilliseconds(100)));
        Break(app);

        var answer = await app.Client.GetAsync("/login");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.Contains("Set-Cookie"));
        app.Audit.Record(Some.Event());
        await app.Audit.RecordAsync(Some.Event());
    }

    [Fact]
    public async Task ASinkBesideTheJournalGetsOnlyWhatTheJournalTook()
    {
        var sink = new CollectingSink();
        await using var app = await RecordedApp.Start(Map, audit => audit.WriteTo(sinks => sinks.Sink(sink)));

        app.Audit.Record(Some.Event("before"));
        Break(app);
        app.Audit.Record(Some.Event("after"));
        await app.StopAsync();

        Assert.Contains("before", sink.Actions);
        Assert.DoesNotContain("after", sink.Actions);
    }

    [Fact]
    public async Task ASinkThatThrowsHarmsNeitherTheJournalNorTheApplication()
    {
        await using var app = await RecordedApp.Start(Map, audit => audit.WriteTo(sinks => sinks.Sink(new ThrowingSink())));

        await app.Audit.RecordAsync(Some.Event("invoice_approved"));

        await app.Event("invoice_approved");
    }

    private sealed class CollectingSink : ILogEventSink
    {
        public List<string?> Actions { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            lock (Actions)
            {
                Actions.Add((logEvent.Properties["event.action"] as ScalarValue)?.Value as string);
            }
        }
    }

    private sealed class ThrowingSink : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => throw new InvalidOperationException("sink");
    }
}
