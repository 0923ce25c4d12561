using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Rpc;

internal sealed class RpcHook : CaptureHook
{
    public override string Name => "rpc";

    public override string Captures => "denials and exceptions in gRPC services";

    public override string Through => "the status that gRPC answers, gRPC's log";

    public override void Register(IServiceCollection services) => services.AddSingleton<IRequestConclusion, GrpcConclusion>();

    public override void Decorate(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType.FullName?.StartsWith("Grpc.AspNetCore.Server.", StringComparison.Ordinal) == true))
        {
            ObservedLoggerFactory.Observe<GrpcLog>(services);
        }
    }

    public override Coverage? Check(IServiceProvider scope) =>
        scope.GetService<EndpointDataSource>()?.Endpoints.Any(RpcServices.Has) == true
            ? CoveredIf(
                scope.GetRequiredService<ILoggerFactory>() is ObservedLoggerFactory && scope.GetServices<ObservedLog>().OfType<GrpcLog>().Any(),
                "Exceptions are read from its log from the moment on that the container is built: call AddSecurityAudit on the builder, "
                    + "or after AddGrpc, with the default container.")
            : null;

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => part.Kind == RpcServices.RpcKind ? AsWhole(part, scope) : null;
}
