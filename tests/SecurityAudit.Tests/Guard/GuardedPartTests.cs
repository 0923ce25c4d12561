using System.Collections;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Capture.Hubs;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.ProtectedData;
using SecurityAudit.Capture.ProtectionKeys;
using SecurityAudit.Metrics;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Tests.Guard;

/// <summary>What the framework calls outside of a request's pipeline, and all that it calls: by construction.</summary>
public sealed class GuardedPartTests
{
    /// <summary>Who of the parts catches for others.</summary>
    private static readonly Type[] Guards =
    [
        typeof(HookFailures), typeof(RequestConclusions), typeof(AuthenticationCaptures), typeof(Evaluations), typeof(IdentityReporter),
        typeof(IdentityRecorder), typeof(DecryptionFailures),
    ];

    /// <summary>What the framework calls and what needs no guard, and why.</summary>
    private static readonly Dictionary<string, string> Harmless = new(StringComparer.Ordinal)
    {
        ["AuditedOwnPolicyEvaluator"] = "asks for the guard when it needs it",
        ["AuditedPolicyEvaluator"] = "asks for the guard when it needs it: one is made a request, and costs what the framework's own does",
        ["DecoratedService"] = "a registration",
        ["EarlyListening"] = "gives back what it was given",
        ["InnermostFilter`1"] = "adds a filter to a list",
        ["InnermostHubFilter"] = "sets what it has at hand",
        ["NextAuthentication"] = "is called by a capture, whose guard stands around it",
        ["ObservedLogger"] = "asks for the guard when it needs it: loggers are there before",
        ["ObservedLoggerFactory"] = "makes loggers",
        ["OutermostFilter"] = "adds a filter to a list",
        ["WatchedRemoteOptions`1"] = "keeps options and replaces delegates",
        ["WatchedSchemeOptions`1"] = "keeps options",
    };

    [Fact]
    public void EachPartThatTheFrameworkCallsHasAGuardOrDoesNothingThatCanFail()
    {
        string[] unguarded =
        [
            .. typeof(SecurityRecorder).Assembly.GetTypes()
                .Where(type => type is { IsClass: true, IsAbstract: false } && type.Namespace is { } name
                    && (name.StartsWith("SecurityAudit.Capture", StringComparison.Ordinal) || name == "SecurityAudit.Responses"))
                .Where(IsCalledByTheFramework)
                .Where(type => !HasGuard(type))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(string.Join('\n', Harmless.Keys.Order(StringComparer.Ordinal)), string.Join('\n', unguarded));
    }

    [Fact]
    public async Task ACallOfAHubGoesOnWhenItCannotBeLookedAt()
    {
        await using var app = await Live.HubApp.Start();
        var calls = 0;
        var method = typeof(Quiet).GetMethod(nameof(Quiet.Ask))!;
        var invocation = new HubInvocationContext(new BrokenCaller(), app.Services, new Quiet(), method, []);

        var answer = await app.Services.GetRequiredService<AuditedHubFilter>().InvokeMethodAsync(invocation, _ => ValueTask.FromResult<object?>(++calls));

        Assert.Equal((1, 1), (calls, answer));
        Assert.Equal("hubs", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public async Task AKeyOfWhichNothingIsKnownIsGivenToWhoeverAskedForIt()
    {
        await using var app = await RecordedApp.Start(_ => { });
        var keys = AuditedKeyManager.Around(
            new NoKeys(), app.Services.GetRequiredService<SecurityRecorder>(), app.Services.GetRequiredService<JournalGate>(), app.Services.GetRequiredService<HookFailures>());

        Assert.Null(keys.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow));

        Assert.Equal("protection_keys", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public async Task ALogThatCannotBeReadIsWrittenAllTheSame()
    {
        var log = new CollectingLogger();
        await using var app = await RecordedApp.Start(
            _ => { }, build: builder =>
            {
                builder.Services.AddGrpc();
                builder.Logging.AddProvider(log);
            });

        app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler").Log(
            LogLevel.Error, new EventId(1), new BrokenValues(), new InvalidOperationException(), (_, _) => "the service's own");

        Assert.Contains(log.Said, message => message.Contains("the service's own", StringComparison.Ordinal));
        Assert.Equal("rpc", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public async Task AnObserverThatFailsKeepsNoEventFromTheJournalAndIsNamed()
    {
        await using var app = await RecordedApp.Start(_ => { }, build: builder => builder.Services.AddSingleton<IEventObserver, BrokenObserver>());

        app.Audit.Record(Some.Event());

        await app.Event(Some.Event().Action);
        Assert.Equal("BrokenObserver", (await app.Event("audit_hook_failed")).Text("security_audit.hook.name"));
    }

    [Fact]
    public void NeitherAClockNorALogThatThrowsReachesWhoeverIsGuarded()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var log = new LoggerFactory([new BrokenLog()]);
        using var failures = new HookFailures(
            [], services, new BrokenClock(), new AuditMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), log.CreateLogger<HookFailures>());

        Assert.Null(Record.Exception(() => failures.Failed("identity", new InvalidOperationException())));
    }

    private static bool IsCalledByTheFramework(Type type) =>
        type.GetInterfaces().Append(type.BaseType!).Any(called =>
            called.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) == true
            || (called.IsGenericType && called.GetGenericTypeDefinition() == typeof(IObserver<>)));

    private static bool HasGuard(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Any(field => Guards.Contains(field.FieldType))
        || type.GetConstructors().Any(constructor => constructor.GetParameters().Any(parameter => Guards.Contains(parameter.ParameterType)));

    private sealed class Quiet : Hub
    {
        public int Ask() => 1;
    }

    private sealed class BrokenCaller : HubCallerContext
    {
        public override string ConnectionId => "one";

        public override string? UserIdentifier => null;

        public override System.Security.Claims.ClaimsPrincipal? User => null;

        public override IDictionary<object, object?> Items { get; } = new Dictionary<object, object?>();

        public override IFeatureCollection Features => throw new ObjectDisposedException("features");

        public override CancellationToken ConnectionAborted { get; } = CancellationToken.None;

        public override void Abort()
        {
        }
    }

    private sealed class NoKeys : IKeyManager
    {
        public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => null!;

        public IReadOnlyCollection<IKey> GetAllKeys() => [];

        public CancellationToken GetCacheExpirationToken() => CancellationToken.None;

        public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null)
        {
        }

        public void RevokeKey(Guid keyId, string? reason = null)
        {
        }
    }

    private sealed class BrokenValues : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => throw new InvalidOperationException("hunter2");

        public KeyValuePair<string, object?> this[int index] => throw new InvalidOperationException("hunter2");

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw new InvalidOperationException("hunter2");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class BrokenObserver : IEventObserver
    {
        public void Observe(SecurityEvent recorded)
        {
            if (recorded.Action == Some.Event().Action)
            {
                throw new InvalidOperationException("hunter2");
            }
        }
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("hunter2");
    }

    private sealed class BrokenLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("hunter2");

        public void Dispose()
        {
        }
    }
}
