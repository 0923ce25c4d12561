using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;

namespace SecurityAudit.Tests.Live;

public sealed class GrpcTests
{
    private static void IsAnnAt(JsonElement e, string method)
    {
        Assert.Equal(("ann", "id-ann", "127.0.0.1"), (e.Text("user.name"), e.Text("user.id"), e.Text("source.ip")));
        Assert.Equal(("grpc", "bank.Vault", method), (e.Text("rpc.system"), e.Text("rpc.service"), e.Text("rpc.method")));
    }

    private static async Task NothingElse(VaultApp vault, params string[] actions)
    {
        await vault.App.Audit.RecordAsync(Some.Event("after"));
        // The client that signs in is another program.
        string[] ordinary = ["sys_startup", "audit_coverage", "session_created", "session_source_changed", "after"];
        Assert.Equal(actions, (await vault.App.Events()).Select(e => e.Text("event.action")).Where(action => !ordinary.Contains(action)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AGrpcMethodThatIsDeniedAtItsEndpointIsRecordedWithServiceAndMethod(bool web)
    {
        await using var vault = await VaultApp.Start(web);

        Assert.Equal(StatusCode.PermissionDenied, await vault.Fails("Open", "gold"));

        var denied = await vault.App.Event("authz_fail");
        IsAnnAt(denied, "Open");
        Assert.Equal(("Managers", "needs the role manager"), (denied.Text("rule.name"), denied.Text("event.reason")));
        Assert.Equal("ann was denied bank.Vault.Open: policy Managers needs the role manager.", denied.Text("message"));
        await NothingElse(vault, "authz_fail");
    }

    [Fact]
    public async Task ACallOfAGrpcServiceThatNeedsASignInIsAskedForOne()
    {
        await using var vault = await VaultApp.Start(name: null);

        Assert.Equal(StatusCode.Unauthenticated, await vault.Fails("Take", "gold"));

        var asked = await vault.App.Event("authz_fail");
        Assert.Equal(("unknown", "21", "bank.Vault"), (asked.Text("event.outcome"), asked.Text("event.severity"), asked.Text("rpc.service")));
    }

    [Theory]
    [InlineData("by exception", false)]
    [InlineData("by status", false)]
    [InlineData("by exception", true)]
    public async Task AGrpcServiceThatDeniesWithinAnAnswerOf200IsRecordedWithThePolicyItAskedFor(string how, bool web)
    {
        await using var vault = await VaultApp.Start(web);

        Assert.Equal(StatusCode.PermissionDenied, await vault.Fails("Empty", how));

        var denied = await vault.App.Event("authz_fail");
        IsAnnAt(denied, "Empty");
        Assert.Equal(("Menu", "needs the claim menu"), (denied.Text("rule.name"), denied.Text("event.reason")));
        Assert.Equal(("200", "7", "failure"), (denied.Text("http.response.status_code"), denied.Text("rpc.grpc.status_code"), denied.Text("event.outcome")));
        await NothingElse(vault, "authz_fail");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task AnExceptionInAGrpcServiceIsRecordedOnceWithServiceAndMethodWhateverTheApplicationsLogTakes(bool web, bool otherFactory)
    {
        await using var vault = await VaultApp.Start(web, services: services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None).AddFilter("Grpc", LogLevel.None));
            if (otherFactory)
            {
                services.AddSerilog(new LoggerConfiguration().MinimumLevel.Fatal().CreateLogger());
            }
        });

        Assert.Equal(StatusCode.Unknown, await vault.Fails("Count", "hunter2"));

        var thrown = await vault.App.Event("app_exception");
        IsAnnAt(thrown, "Count");
        Assert.Equal(("System.InvalidOperationException", "false"), (thrown.Text("error.type"), thrown.Text("security_audit.error.handled")));
        Assert.StartsWith("bank.Vault.Count met the exception System.InvalidOperationException", thrown.Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", thrown.GetRawText(), StringComparison.Ordinal);
        await NothingElse(vault, "app_exception");
    }

    [Theory]
    [InlineData(StatusCode.NotFound, new[] { "vault.take" })]
    [InlineData(StatusCode.Internal, new[] { "app_exception", "vault.take" })]
    [InlineData(StatusCode.PermissionDenied, new[] { "authz_fail", "vault.take" })]
    public async Task AStatusOfAGrpcServiceIsAnAnswerUnlessItSaysThatTheServiceFailed(StatusCode status, string[] actions)
    {
        await using var vault = await VaultApp.Start();

        Assert.Equal(status, await vault.Fails("Take", $"{status}"));

        var tried = await vault.App.Event("vault.take");
        Assert.Equal("failure", tried.Text("event.outcome"));
        Assert.Equal(status is StatusCode.PermissionDenied ? "denied" : $"the service answered the status {(int)status}", tried.Text("event.reason"));
        await NothingElse(vault, actions);
        Assert.All(await vault.App.Events(), e => Assert.DoesNotContain("hunter2", e.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatPeopleDoInAGrpcServiceIsRecorded()
    {
        await using var vault = await VaultApp.Start();

        Assert.Equal("gold", await vault.Call("Take", "gold"));

        Assert.Equal("success", (await vault.App.Event("vault.take")).Text("event.outcome"));
        await NothingElse(vault, "vault.take");
    }

    [Fact]
    public async Task AClientThatLeavesAGrpcServiceIsNoExceptionButWhatItHadBegunIsRecorded()
    {
        await using var vault = await VaultApp.Start();

        await vault.WatchAndLeave();

        Assert.Equal("unknown", (await vault.App.Event("vault.watch")).Text("event.outcome"));
        await NothingElse(vault, "vault.watch");
    }

    [Fact]
    public async Task AGrpcServiceIsCovered()
    {
        await using var vault = await VaultApp.Start();

        Assert.Contains("rpc", (await vault.App.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }
}
