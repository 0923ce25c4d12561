using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Hosting;

public sealed class OptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-options-");

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task Start(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        builder.AddSecurityAudit();
        await using var app = builder.Build();
        await app.StartAsync();
        await app.StopAsync();
    }

    [Fact]
    public async Task EveryFaultOfTheOptionsIsInOneMessage()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => Start(
            ("SecurityAudit:Journal:MaxSegmentBytes", "12"),
            ("SecurityAudit:Journal:WaitTimeout", "1.00:00:00"),
            ("SecurityAudit:Journal:Directry", "x"),
            ("SecurityAudit:MaxValueLength", "3")));

        Assert.Contains("SecurityAudit:Journal:MaxSegmentBytes is 12, expected 65536 to 4294967296.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:WaitTimeout is 1.00:00:00, expected 00:00:00.0100000 to 00:01:00.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:Directry is not an option, expected one of Directory, FailureMode,", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:MaxValueLength is 3, expected 64 to 8192.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnElasticsearchSectionWithoutItsPackageNamesTheRemedy()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(("SecurityAudit:Elasticsearch:Url", "https://localhost:9200")));

        Assert.Equal(
            "The configuration has a section 'SecurityAudit:Elasticsearch', but the package SecurityAudit.Elasticsearch is not referenced. Add it (dotnet add package SecurityAudit.Elasticsearch) or remove the section.",
            fault.Message);
    }

    [Fact]
    public async Task TheJournalStandsWhereTheConfigurationSays()
    {
        await Start(("SecurityAudit:Journal:Directory", "elsewhere/journal"));

        Assert.Contains(JournalEvents.Read(Path.Combine(_folder.FullName, "elsewhere/journal")), e => e.Text("event.action") == "sys_startup");
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAJournalDirectoryThatIsAFileStopsTheStartWithItsReason()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "audit"), "not a directory");

        var fault = await Assert.ThrowsAsync<JournalException>(() => Start(("SecurityAudit:Journal:FailureMode", "Refuse")));

        Assert.Contains(Path.Combine(_folder.FullName, "audit"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseAPseudonymKeyThatIsGarbageStopsTheStartWithItsReason()
    {
        var keys = Directory.CreateDirectory(Path.Combine(_folder.FullName, "audit", "keys"));
        await File.WriteAllTextAsync(Path.Combine(keys.FullName, "pseudonym.key"), "garbage");

        var fault = await Assert.ThrowsAsync<JournalException>(() => Start(("SecurityAudit:Journal:FailureMode", "Refuse")));

        Assert.Contains("holds 7 characters, expected 64 hexadecimal digits", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task OnlyTheOwnerMayReadTheJournal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");

        await Start();

        var audit = Path.Combine(_folder.FullName, "audit");
        Assert.All(Directory.GetDirectories(audit).Append(audit), directory =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory)));
        Assert.All(Directory.GetFiles(audit, "*", SearchOption.AllDirectories), file =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }
}
