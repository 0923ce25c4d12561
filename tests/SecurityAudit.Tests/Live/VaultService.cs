using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Tests.Live;

/// <summary>A gRPC service, bound by hand as generated code would bind it.</summary>
[BindServiceMethod(typeof(VaultContract), nameof(VaultContract.Bind))]
internal abstract class VaultBase
{
    public abstract Task<string> Open(string request, ServerCallContext context);

    public abstract Task<string> Empty(string request, ServerCallContext context);

    public abstract Task<string> Take(string request, ServerCallContext context);

    public abstract Task<string> Count(string request, ServerCallContext context);

    public abstract Task Watch(string request, IServerStreamWriter<string> responseStream, ServerCallContext context);
}

internal static class VaultContract
{
    public static void Bind(ServiceBinderBase binder, VaultBase? service)
    {
        binder.AddMethod(Method("Open"), service is null ? null : new UnaryServerMethod<string, string>(service.Open));
        binder.AddMethod(Method("Empty"), service is null ? null : new UnaryServerMethod<string, string>(service.Empty));
        binder.AddMethod(Method("Take"), service is null ? null : new UnaryServerMethod<string, string>(service.Take));
        binder.AddMethod(Method("Count"), service is null ? null : new UnaryServerMethod<string, string>(service.Count));
        binder.AddMethod(
            Method("Watch", MethodType.ServerStreaming), service is null ? null : new ServerStreamingServerMethod<string, string>(service.Watch));
    }

    public static Method<string, string> Method([CallerMemberName] string name = "", MethodType type = MethodType.Unary) =>
        new(type, "bank.Vault", name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);
}

[Authorize]
internal sealed class VaultService(IAuthorizationService authorization, Arrivals arrivals) : VaultBase
{
    [Authorize("Managers")]
    public override Task<string> Open(string request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<string> Empty(string request, ServerCallContext context)
    {
        var user = context.GetHttpContext().User;
        if (!(await authorization.AuthorizeAsync(user, new Marked(request), "Menu")).Succeeded)
        {
            if (request == "by status")
            {
                context.Status = new Status(StatusCode.PermissionDenied, "Not yours.");
                return "";
            }

            throw new RpcException(new Status(StatusCode.PermissionDenied, "Not yours."));
        }

        return request;
    }

    [Audit("vault.take")]
    public override Task<string> Take(string request, ServerCallContext context) => Enum.TryParse<StatusCode>(request, out var status)
        ? throw new RpcException(new Status(status, "no", new FormatException("hunter2")))
        : Task.FromResult(request);

    public override Task<string> Count(string request, ServerCallContext context) => throw new InvalidOperationException($"no {request}");

    [Audit("vault.watch")]
    public override async Task Watch(string request, IServerStreamWriter<string> responseStream, ServerCallContext context)
    {
        arrivals.Arrived.SetResult();
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    private sealed record Marked(string Vault);
}
