using System.Runtime.Versioning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Hosting;
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
            ("SecurityAudit:Journal:HeartbeatInterval", "00:00:00"),
            ("SecurityAudit:Journal:Retention", "30.00:00:00"),
            ("SecurityAudit:Journal:Signer", "mine"),
            ("SecurityAudit:Journal:FlushInterval", "soon"),
            ("SecurityAudit:Journal:FailureMode", "7"),
            ("SecurityAudit:Detection:Enabled", "perhaps"),
            ("SecurityAudit:Journal:Directry", "x"),
            ("SecurityAudit:MaxValueLength", "3")));

        Assert.Contains("SecurityAudit:Journal:MaxSegmentBytes is 12, expected 4096 to 1073741824.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:WaitTimeout is 1.00:00:00, expected 00:00:00.0010000 to 00:10:00.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:Directry is not an option, expected one of Directory, AnchorDirectory, FailureMode,", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:HeartbeatInterval is 00:00:00, expected 00:00:00.0010000 to 1.00:00:00.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:Retention is set, expected at least one anchor with it", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:Signer is not an option", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:FlushInterval is 'soon', expected a time like 00:00:05.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Journal:FailureMode is '7', expected Continue or Refuse.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Detection:Enabled is 'perhaps', expected true or false.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:MaxValueLength is 3, expected 64 to 8192.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryOptionThatTextCanSayIsReadFromTheSection()
    {
        (Type Type, string Path)[] sections =
        [
            (typeof(SecurityAuditOptions), "SecurityAudit"),
            (typeof(AuditJournalOptions), "SecurityAudit:Journal"),
            (typeof(DetectionSettings), "SecurityAudit:Detection"),
            (typeof(ResponseOptions), "SecurityAudit:Response"),
            (typeof(BlockSourceOptions), "SecurityAudit:Response:BlockSource"),
            (typeof(EndSessionsOptions), "SecurityAudit:Response:EndSessions"),
        ];
        foreach (var (type, path) in sections)
        {
            foreach (var option in type.GetProperties().Where(option => option.CanWrite && (option.PropertyType.IsValueType || option.PropertyType == typeof(string))))
            {
                var value = Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
                var text = value.IsEnum ? Enum.GetNames(value)[^1] : value == typeof(bool) ? "true" : value == typeof(TimeSpan) ? "00:00:07" : "77";
                var other = value.IsEnum ? Enum.GetNames(value)[0] : value == typeof(bool) ? "false" : value == typeof(TimeSpan) ? "00:00:08" : "88";

                Assert.NotEqual(Read(option, $"{path}:{option.Name}", text), Read(option, $"{path}:{option.Name}", other));
            }
        }
    }

    private static object? Read(System.Reflection.PropertyInfo option, string key, string text)
    {
        var options = new SecurityAuditOptions();
        var section = new OptionsSection(new ConfigurationBuilder().AddInMemoryCollection([new(key, text)]).Build());
        section.Configure(options);
        Assert.Empty(section.Faults);
        object owner = option.DeclaringType switch
        {
            var type when type == typeof(SecurityAuditOptions) => options,
            var type when type == typeof(DetectionSettings) => options.Detection,
            var type when type == typeof(ResponseOptions) => options.Response,
            var type when type == typeof(BlockSourceOptions) => options.Response.BlockSource,
            var type when type == typeof(EndSessionsOptions) => options.Response.EndSessions,
            _ => options.Journal,
        };
        return option.GetValue(owner);
    }

    [Fact]
    public async Task TheSectionIsTheJournalsOwnOptionsAndAnAnchorDirectoryIsAnAnchor()
    {
        await Start(
            ("SecurityAudit:Journal:CheckpointInterval", "00:00:00.5"),
            ("SecurityAudit:Journal:Retention", "30.00:00:00"),
            ("SecurityAudit:Journal:AnchorDirectory", "anchor"));

        Assert.Single(Directory.GetFiles(Path.Combine(_folder.FullName, "anchor"), "*.checkpoint"));
    }

    [Fact]
    public async Task AnElasticsearchSectionWithoutItsPackageNamesTheRemedy()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(("SecurityAudit:Elasticsearch:Url", "https://localhost:9200")));

        Assert.Equal(
            "The configuration has a section 'SecurityAudit:Elasticsearch', but the package SecurityAudit.Elasticsearch is not referenced. "
            + "Add it (dotnet add package SecurityAudit.Elasticsearch) or remove the section.",
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
