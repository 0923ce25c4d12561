using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Rpc;

/// <summary>
/// What a gRPC service throws: gRPC answers it with a status and lets it reach nobody but its log. A status of the service's own is an
/// answer, unless it says that the service failed.
/// </summary>
internal sealed class GrpcLog(IServiceProvider services) : ObservedLog
{
    // A status that is thrown is logged as information.
    public override LogLevel Least => LogLevel.Information;

    public override IReadOnlyList<string> Categories { get; } = ["Grpc.AspNetCore.Server.ServerCallHandler"];

    public override void Logged(EventId id, IReadOnlyList<KeyValuePair<string, object?>> values, Exception exception)
    {
        var status = ValueOf(values, "StatusCode") is { } code ? Convert.ToInt32(code, CultureInfo.InvariantCulture) : (int?)null;
        if ((status is null && id.Name != "ErrorExecutingServiceMethod") || services.GetRequiredService<CurrentRequest>().Context is not { } request)
        {
            return;
        }

        var thrown = status is not null && exception.InnerException is { } cause ? cause : exception;
        if (status is GrpcCall.PermissionDenied or GrpcCall.Unauthenticated)
        {
            RequestEvidence.Of<GrpcEvidence>(request).Status = status;
        }
        else if (status is null or GrpcCall.Unknown or GrpcCall.Internal or GrpcCall.DataLoss
            && !ClientGone.Explains(request, thrown)
            && RequestEvidence.Of<ExceptionEvidence>(request).First(thrown))
        {
            var e = services.GetRequiredService<ExceptionEvent>().Of(request, thrown, handled: status is not null);
            services.GetRequiredService<SecurityRecorder>().TryRecord(CalledFields.Of(request, e));
        }
    }
}
