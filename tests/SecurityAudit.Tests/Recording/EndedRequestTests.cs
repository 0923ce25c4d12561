using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Tests.Recording;

/// <summary>Work that outlives its request in an application without <c>IHttpContextAccessor</c>, where Kestrel uses the context again.</summary>
public sealed class EndedRequestTests
{
    [Fact]
    public async Task WhatARequestThatHasEndedCouldTellIsNotRecordedForItMayBeSomebodyElses()
    {
        await using var app = await RecordedApp.Start(_ => { });
        var requests = app.Services.GetRequiredService<CurrentRequest>();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "7")], "test"));
        using (var scope = requests.Enter(context))
        {
            context.Features.Set<IHttpConnectionFeature>(new EndingConnection(scope));
            await app.Audit.RecordAsync(Some.Event("late").With("shop.order", "3"));
        }

        var recorded = await app.Event("late");
        Assert.Equal("failed", recorded.Text("security_audit.enrichment"));
        Assert.Equal("3", recorded.Text("shop.order"));
        Assert.All(["user.id", "source.ip", "http.request.method", "related.user"], field => Assert.False(recorded.TryGetProperty(field, out _)));
        Assert.Null(requests.Context);
    }

    [Fact]
    public async Task WhatOutlivesItsRequestIsRecordedWithoutOne()
    {
        var recorded = new TaskCompletionSource();
        await using var app = await RecordedApp.Start(web => web.MapGet("/", (HttpContext context, ISecurityAudit audit) =>
        {
            var ended = new TaskCompletionSource();
            context.Response.OnCompleted(() =>
            {
                ended.SetResult();
                return Task.CompletedTask;
            });
            _ = Task.Run(async () =>
            {
                await ended.Task;
                await audit.RecordAsync(Some.Event("late"));
                recorded.SetResult();
            });
            return "";
        }));

        await app.Client.GetAsync("/");
        await recorded.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var late = await app.Event("late");
        Assert.Equal("", late.Text("url.path") ?? "");
        Assert.Equal("", late.Text("source.ip") ?? "");
    }

    /// <summary>The request ends just while somebody looks where it came from.</summary>
    private sealed class EndingConnection(CurrentRequest.Scope scope) : IHttpConnectionFeature
    {
        public string ConnectionId { get; set; } = "1";

        public IPAddress? LocalIpAddress { get; set; }

        public int LocalPort { get; set; }

        public int RemotePort { get; set; }

        public IPAddress? RemoteIpAddress
        {
            get
            {
                scope.Dispose();
                return IPAddress.Parse("203.0.113.9");
            }

            set
            {
            }
        }
    }
}
