using System.Reflection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Opening;

/// <summary>
/// Where relative paths of the journal start: the content root, which is the project's own folder under a test host. There it is a
/// temporary folder instead, one a host, so that tests neither leave journals in the source nor see each other's. A full path is taken as
/// it is.
/// </summary>
internal sealed partial class JournalBase : IDisposable
{
    private const string TestServer = "Microsoft.AspNetCore.TestHost.TestServer";
    private const string TestFactory = "Microsoft.AspNetCore.Mvc.Testing";

    private readonly string _contentRoot;
    private readonly Lazy<TemporaryFolder>? _temporary;

    public JournalBase(IHostEnvironment environment, IServiceProvider services, ILogger<JournalBase> logger)
    {
        _contentRoot = environment.ContentRootPath;
        _temporary = !IsTestHost(environment, services) ? null : new(() =>
        {
            var folder = new TemporaryFolder();
            Log.Temporary(logger, folder.Path);
            return folder;
        });
    }

    /// <summary>Whether an application's tests host it.</summary>
    public bool IsTest => _temporary is not null;

    /// <summary>The full path that is meant.</summary>
    public string PathOf(string path) =>
        Path.IsPathFullyQualified(path) ? Path.GetFullPath(path) : Path.GetFullPath(path, _temporary?.Value.Path ?? _contentRoot);

    public void Dispose()
    {
        if (_temporary is { IsValueCreated: true })
        {
            _temporary.Value.Dispose();
        }
    }

    // A test server serves its own process alone. WebApplicationFactory may have Kestrel instead; then the process is not the
    // application's.
    private static bool IsTestHost(IHostEnvironment environment, IServiceProvider services) =>
        services.GetService<IServer>()?.GetType().FullName == TestServer
        || (Assembly.GetEntryAssembly()?.GetName().Name != environment.ApplicationName
            && AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == TestFactory));

    private static partial class Log
    {
        [LoggerMessage(
            1, LogLevel.Information,
            "This is a test host: relative paths of the journal start at {Directory}, which goes with the host. "
            + "SecurityAudit:Journal:Directory as a full path keeps the journal.")]
        public static partial void Temporary(ILogger logger, string directory);
    }
}
