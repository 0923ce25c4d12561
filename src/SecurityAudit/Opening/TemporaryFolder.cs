namespace SecurityAudit.Opening;

/// <summary>
/// A folder for files that nobody keeps, readable by this user alone. It goes with the host, after the journal in it was closed.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("security-audit-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Somebody still reads in it: the system clears its folder for such files, and the end of a host is no place to fail.
        }
    }
}
