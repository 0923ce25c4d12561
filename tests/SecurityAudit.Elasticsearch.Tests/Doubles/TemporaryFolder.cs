using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("security-audit-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
