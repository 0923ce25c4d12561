using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecurityAudit.Inventory;

/// <summary>The application's hosted services; the framework's and the library's are none of its own.</summary>
internal sealed class BackgroundWork : IPartSource
{
    public string Kind => "background_service";

    public ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope) => ValueTask.FromResult(scope.GetServices<IHostedService>()
        .Where(service => !IsForeign(service.GetType().Assembly.GetName().Name ?? ""))
        .Select(service => new ApplicationPart(Kind, service.GetType().Name, service, "Its end by an exception is not recorded."))
        .DistinctBy(part => part.Name, StringComparer.Ordinal));

    private static bool IsForeign(string assembly) =>
        assembly.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly is "SecurityAudit" or "SecurityAudit.Shipping" or "SecurityAudit.Elasticsearch";
}
