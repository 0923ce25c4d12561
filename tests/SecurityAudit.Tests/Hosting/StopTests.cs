using SecurityAudit.Tests.Processes;

namespace SecurityAudit.Tests.Hosting;

public sealed class StopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-stop-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Continue")]
    [InlineData("Refuse")]
    public async Task AStopThatOutlastsTheHostsTimeEndsInOrderAndIsOnDisk(string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var app = await DriverApp.Start(_folder.FullName, ["StopWithin=00:00:00.2", $"SecurityAudit:Journal:FailureMode={mode}"]).ServesAsync();
        using var stream = await app.Client.GetStreamAsync("/stream", TestContext.Current.CancellationToken);
        var first = new byte[4];
        await stream.ReadExactlyAsync(first, TestContext.Current.CancellationToken);

        var code = await app.StopAsync();

        Assert.True(code == 0, $"It ended with {code}:\n{app.Said}");
        Assert.Equal("sys_shutdown", JournalEvents.Read(Path.Combine(_folder.FullName, "audit"))[^1].Text("event.action"));
    }
}
