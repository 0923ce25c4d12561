using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Live;

public sealed class HubTests
{
    private static readonly HttpTransportType[] Transports = [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling];

    public static TheoryData<HttpTransportType, bool> EachTransport() =>
        [.. Transports.SelectMany(transport => new[] { false, true }.Select(accessor => (transport, accessor)))];

    private static async Task Refused(HubConnection connection, string method, params object?[] arguments) =>
        await Assert.ThrowsAsync<HubException>(() => connection.InvokeCoreAsync(method, arguments, TestContext.Current.CancellationToken));

    private static void IsAnnAt(JsonElement e, string method, HubConnection connection)
    {
        Assert.Equal(("ann", "id-ann", "127.0.0.1"), (e.Text("user.name"), e.Text("user.id"), e.Text("source.ip")));
        Assert.Equal(("signalr", "RoomHub", method), (e.Text("rpc.system"), e.Text("rpc.service"), e.Text("rpc.method")));
        Assert.Equal(connection.ConnectionId, e.Text("security_audit.connection.id"));
    }

    private static async Task NothingElse(RecordedApp app, params string[] actions)
    {
        await app.Audit.RecordAsync(Some.Event("after"));
        // The client that signs in is another program.
        string[] ordinary = ["sys_startup", "audit_coverage", "session_created", "session_source_changed", "after", "sys_shutdown"];
        Assert.Equal(actions, (await app.Events()).Select(e => e.Text("event.action")).Where(action => !ordinary.Contains(action)));
    }

    [Theory]
    [MemberData(nameof(EachTransport))]
    public async Task ADeniedHubMethodIsRecordedWithItsPolicyAndRequirementOverEveryTransport(HttpTransportType transport, bool accessor)
    {
        await using var app = await HubApp.Start(services => _ = accessor ? services.AddHttpContextAccessor() : services);
        await using var connection = await app.Connect(transport: transport);

        await Refused(connection, "Close", "attic");

        var denied = await app.Event("authz_fail");
        IsAnnAt(denied, "Close", connection);
        Assert.Equal(("Managers", "needs the role manager"), (denied.Text("rule.name"), denied.Text("event.reason")));
        Assert.Equal("ann was denied RoomHub.Close: policy Managers needs the role manager.", denied.Text("message"));
        await NothingElse(app, "authz_fail");
    }

    [Fact]
    public async Task ADeniedHubMethodHasTheNameUnderWhichItIsCalled()
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect();

        await Refused(connection, "shut", "attic");

        var denied = await app.Event("authz_fail");
        IsAnnAt(denied, "shut", connection);
        Assert.Equal((null, "needs the role owner"), (denied.Text("rule.name"), denied.Text("event.reason")));
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task AConnectionToAHubThatIsRefusedIsRecordedOnceWithTheHub(HttpTransportType transport)
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connection("/closed", transport, name: null);

        await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync(TestContext.Current.CancellationToken));

        var denied = await app.Event("authz_fail");
        Assert.Equal(("signalr", "ClosedHub", "Named", "unknown"),
            (denied.Text("rpc.system"), denied.Text("rpc.service"), denied.Text("rule.name"), denied.Text("event.outcome")));
        Assert.Equal("Somebody not signed in was asked to sign in for ClosedHub: policy Named, not signed in.", denied.Text("message"));
    }

    [Theory]
    [InlineData("Remove", "HubException", HttpTransportType.WebSockets)]
    [InlineData("Remove", "HubException", HttpTransportType.LongPolling)]
    [InlineData("RemoveOrThrow", "UnauthorizedAccessException", HttpTransportType.WebSockets)]
    public async Task AnEvaluationThatAHubEnforcesByAnExceptionIsADenialAndSaidToBeInferred(string method, string exception, HttpTransportType transport)
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect(transport: transport);

        await Refused(connection, method, "attic");

        var denied = await app.Event("authz_fail");
        IsAnnAt(denied, method, connection);
        Assert.Equal(("Menu", $"inferred from the {exception} that followed: needs the claim menu"), (denied.Text("rule.name"), denied.Text("event.reason")));
        await NothingElse(app, "authz_fail");
    }

    [Fact]
    public async Task AnEvaluationInAHubThatIsNotEnforcedIsNoDenialOfAnyCall()
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect();

        Assert.Equal("without", await connection.InvokeAsync<string>("Menu", "attic", TestContext.Current.CancellationToken));
        await Refused(connection, "Tell");

        var told = await app.Event("app_exception");
        Assert.Equal((null, "Tell"), (told.Text("event.reason"), told.Text("rpc.method")));
        await NothingElse(app, "app_exception");
    }

    [Fact]
    public async Task APolicyAskedForAMenuIsNotTheReasonForWhatAHubTellsItsClient()
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect();

        await Refused(connection, "MenuThenFull");

        Assert.Equal("an evaluation before it failed: needs the claim menu", (await app.Event("app_exception")).Text("event.reason"));
        await NothingElse(app, "app_exception");
    }

    [Theory]
    [InlineData("Break", "System.InvalidOperationException", "false", HttpTransportType.WebSockets)]
    [InlineData("Break", "System.InvalidOperationException", "false", HttpTransportType.LongPolling)]
    [InlineData("Tell", "Microsoft.AspNetCore.SignalR.HubException", "true", HttpTransportType.WebSockets)]
    public async Task AnExceptionInAHubIsRecordedOnceWithHubAndMethod(string method, string type, string handled, HttpTransportType transport)
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect(transport: transport);

        await Refused(connection, method, [.. method == "Break" ? ["hunter2"] : Array.Empty<object>()]);

        var thrown = await app.Event("app_exception");
        IsAnnAt(thrown, method, connection);
        Assert.Equal((type, handled), (thrown.Text("error.type"), thrown.Text("security_audit.error.handled")));
        Assert.StartsWith($"RoomHub.{method} met the exception {type}", thrown.Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.GetRawText(), StringComparison.Ordinal);
        await NothingElse(app, "app_exception");
    }

    [Fact]
    public async Task AnExceptionInAHubThatIsThrownAgainIsRecordedEachTime()
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect();

        await Refused(connection, "BreakAgain");
        await Refused(connection, "BreakAgain");

        await app.Events("app_exception", count: 2);
        await NothingElse(app, "app_exception", "app_exception");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task AnExceptionInAHubThatAnotherFilterSwallowsOrTurnsIntoAnAnswerIsRecorded(bool ofOneHub, bool answer)
    {
        await using var app = await HubApp.Start(services => _ = ofOneHub
            ? services.AddSignalR().AddHubOptions<RoomHub>(options => options.AddFilter(new Swallowing(answer)))
            : services.AddSignalR(options => options.AddFilter(new Swallowing(answer))));
        await using var connection = await app.Connect();

        var called = await Record.ExceptionAsync(() => connection.InvokeAsync<string?>("Break", "it", TestContext.Current.CancellationToken));
        Assert.Equal(answer, called is HubException);

        var thrown = await app.Event("app_exception");
        IsAnnAt(thrown, "Break", connection);
        Assert.Equal(("System.InvalidOperationException", "true"), (thrown.Text("error.type"), thrown.Text("security_audit.error.handled")));
        await NothingElse(app, "app_exception");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnExceptionInAStreamOfAHubIsRecordedOnceWhateverTheApplicationsLogTakes(bool silent)
    {
        await using var app = await HubApp.Start(services =>
        {
            if (silent)
            {
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None).AddFilter("Microsoft", LogLevel.None));
            }
        });
        await using var connection = await app.Connect();

        await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var _ in connection.StreamAsync<int>("Count", TestContext.Current.CancellationToken))
            {
            }
        });

        var thrown = await app.Event("app_exception");
        Assert.Equal(("RoomHub", "ann", "System.InvalidOperationException"), (thrown.Text("rpc.service"), thrown.Text("user.name"), thrown.Text("error.type")));
        await NothingElse(app, "app_exception");
    }

    [Fact]
    public async Task AnExceptionWhenAHubIsConnectedIsRecordedOnce()
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connection("/broken", HttpTransportType.WebSockets, "ann");
        var closed = new TaskCompletionSource();
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };

        await connection.StartAsync(TestContext.Current.CancellationToken);
        await closed.Task;

        var thrown = await app.Event("app_exception");
        Assert.Equal(("BrokenHub", "OnConnectedAsync"), (thrown.Text("rpc.service"), thrown.Text("rpc.method")));
        await NothingElse(app, "app_exception");
    }

    [Fact]
    public async Task AClientThatLeavesAHubIsNoExceptionButWhatItHadBegunIsRecorded()
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect();
        await connection.SendAsync("Wait", TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<Arrivals>().Arrived.Task;

        await connection.DisposeAsync();

        var begun = await app.Event("room.wait");
        Assert.Equal(("unknown", "the connection ended", "ann"), (begun.Text("event.outcome"), begun.Text("event.reason"), begun.Text("user.name")));
        await NothingElse(app, "room.wait");
    }

    [Theory]
    [InlineData("bob", "success", null, HttpTransportType.WebSockets)]
    [InlineData("bob", "success", null, HttpTransportType.LongPolling)]
    [InlineData("nobody", "failure", "System.InvalidOperationException", HttpTransportType.WebSockets)]
    public async Task WhatPeopleDoInAHubIsRecordedWithTheNamedArgumentsAndNoSecret(string guest, string outcome, string? reason, HttpTransportType transport)
    {
        await using var app = await HubApp.Start();
        await using var connection = await app.Connect(transport: transport);

        var invited = connection.InvokeAsync<string>("Invite", guest, "hunter2", 3, "hunter2", TestContext.Current.CancellationToken);
        _ = await Record.ExceptionAsync(() => invited);

        var done = await app.Event("room.invite");
        IsAnnAt(done, "Invite", connection);
        Assert.Equal((outcome, reason), (done.Text("event.outcome"), done.Text("event.reason")));
        Assert.Equal((guest, "[redacted]", "3", null), (done.Attribute("guest"), done.Attribute("secretCode"), done.Attribute("seats"), done.Attribute("unnamed")));
        Assert.All(await app.Events(), e => Assert.DoesNotContain("hunter2", e.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AHubIsCoveredAndWithoutOneNothingIsSaidOfHubs()
    {
        await using var with = await HubApp.Start();
        await using var without = await RecordedApp.Start(_ => { }, build: builder => builder.Services.AddSignalR());

        Assert.Contains("hubs", (await with.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
        var nothing = await without.Event("audit_coverage");
        Assert.DoesNotContain("hubs", nothing.Texts("security_audit.coverage.captured").Concat(nothing.Texts("security_audit.coverage.missing")));
    }

    [Fact]
    public async Task AHubWhoseServicesCameTooLateIsNamedAsNotCovered()
    {
        await using var app = await RecordedApp.Start(
            web => web.MapHub<ClosedHub>("/closed"),
            build: builder => builder.Services.AddSecurityAudit(),
            buildAfter: builder =>
            {
                RecordedApp.AddCookies(builder);
                builder.Services.AddSignalR();
            });

        Assert.Contains("hubs", (await app.Event("audit_coverage")).Texts("security_audit.coverage.missing"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task AConnectionToAHubThatAHandlerOfTheApplicationsOwnRefusesIsRecordedWithTheHub(int status)
    {
        await using var app = await HubApp.Start(services => services.AddSingleton<IAuthorizationMiddlewareResultHandler>(new BareAnswer(status)));
        await using var connection = await app.Connection("/closed", HttpTransportType.WebSockets, name: null);

        await Assert.ThrowsAnyAsync<Exception>(() => connection.StartAsync(TestContext.Current.CancellationToken));

        var denied = await app.Event("authz_fail");
        Assert.Equal(("ClosedHub", "Named", $"{status}"), (denied.Text("rpc.service"), denied.Text("rule.name"), denied.Text("http.response.status_code")));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAnAuditedHubMethodDoesNotRunWhileTheJournalIsDown()
    {
        await using var app = await HubApp.Start(audit: BrokenJournal.Refuse);
        await using var connection = await app.Connect();
        var broken = await BrokenJournal.Down(app.Services);

        await Refused(connection, "Clean");
        Assert.Equal(0, app.Services.GetRequiredService<Arrivals>().Count);
        await broken.Mend();

        await using var again = await app.Connect();
        await again.InvokeAsync("Clean", TestContext.Current.CancellationToken);
        Assert.Equal(1, app.Services.GetRequiredService<Arrivals>().Count);
        Assert.Equal("success", (await app.Event("room.clean")).Text("event.outcome"));
    }

    private sealed class BareAnswer(int status) : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            context.Response.StatusCode = authorizeResult.Succeeded ? context.Response.StatusCode : status;
            return authorizeResult.Succeeded ? next(context) : Task.CompletedTask;
        }
    }

    private sealed class Swallowing(bool answer) : IHubFilter
    {
        public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            try
            {
                return await next(invocationContext);
            }
            catch (InvalidOperationException exception)
            {
                return answer ? throw new HubException("Sorry.", exception) : null;
            }
        }
    }
}
