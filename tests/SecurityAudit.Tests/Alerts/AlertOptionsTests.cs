using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Alerts;

namespace SecurityAudit.Tests.Alerts;

public sealed class AlertOptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-alert-options-");

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<string[]> Start(params (string Key, string Value)[] settings) => Start(_ => { }, settings);

    private async Task<string[]> Start(Action<SecurityAuditBuilder> audit, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>("SecurityAudit:Alerts:" + setting.Key, setting.Value)));
        builder.AddSecurityAudit(audit);
        await using var app = builder.Build();
        await app.StartAsync();
        var names = app.Services.GetRequiredService<AlertChannels>().Status.Select(channel => channel.Name).ToArray();
        await app.StopAsync();
        return names;
    }

    [Fact]
    public async Task EveryFaultOfTheChannelsIsInOneMessageAndNoSecretIs()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => Start(
            ("Timeout", "00:10:00"),
            ("DigestAbove", "0"),
            ("GiveUpAfter", "00:00:01"),
            ("Webhooks:0:Url", "http://hooks.example/services/hunter2"),
            ("Webhooks:0:Secret", "hunter2"),
            ("Webhooks:1:Url", "ftp://hooks.example/hunter2"),
            ("Webhooks:1:Name", "The Pager"),
            ("Webhooks:1:Shape", "Discord"),
            ("Webhooks:2:Url", "https://user:hunter2@hooks.example/"),
            ("Webhooks:2:Secrte", "hunter2"),
            ("Webhooks:3:Url", "https://hooks.example/hunter2"),
            ("Webhooks:3:Name", "webhook"),
            ("Webhooks:3:Secret", "0123456789abcdef")));

        foreach (var expected in new[]
        {
            "SecurityAudit:Alerts:Timeout is 00:10:00, expected 00:00:01 to 00:05:00.",
            "SecurityAudit:Alerts:DigestAbove is 0, expected 1 to 1000.",
            "SecurityAudit:Alerts:GiveUpAfter is 00:00:01, expected 01:00:00 to 90.00:00:00.",
            "SecurityAudit:Alerts:Webhooks:0:Url goes to hooks.example by http, expected https",
            "SecurityAudit:Alerts:Webhooks:0:Secret is too short, expected 16 bytes at least",
            "SecurityAudit:Alerts:Webhooks:1:Url is missing or is not an absolute address",
            "SecurityAudit:Alerts:Webhooks:1:Name is 'The Pager', expected 1 to 40 lower-case letters, digits and hyphens.",
            "SecurityAudit:Alerts:Webhooks:1:Shape is 'Discord', expected Json or Slack or Teams.",
            "SecurityAudit:Alerts:Webhooks:1:Secret is missing, expected 16 bytes at least",
            "SecurityAudit:Alerts:Webhooks:2:Url has a user or a password before hooks.example, expected none",
            "SecurityAudit:Alerts:Webhooks:2:Secrte is not an option, expected one of Name, Url, Secret,",
            "SecurityAudit:Alerts:Webhooks: 2 are called 'webhook', expected a name each.",
        })
        {
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChannelsAreMadeFromConfigurationAlone() => Assert.Equal(["webhook", "ops-chat"], await Start(
        ("Webhooks:0:Url", "https://hooks.example/alerts"),
        ("Webhooks:0:Secret", "0123456789abcdef"),
        ("Webhooks:1:Url", "https://hooks.slack.example/services/T0/B0/x"),
        ("Webhooks:1:Shape", "Slack"),
        ("Webhooks:1:Name", "ops-chat")));

    [Fact]
    public async Task TwoChannelsOfOneNameAreAFaultAtTheStart()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(audit => audit.AlertTo(new CollectingSink()).AlertTo(new CollectingSink())));

        Assert.Contains("2 alert channels are called 'pager', expected a name each", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChannelWhoseNameNoFileCanHaveIsAFaultAtTheStart()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(audit => audit.AlertTo(new CollectingSink("../../etc/x"))));

        Assert.Contains("is called '../../etc/x', expected 1 to 40 lower-case letters, digits and hyphens", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmailSectionWithoutItsPackageIsAFaultThatNamesThePackage()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(("Email:Host", "mail.example")));

        Assert.Contains("the package SecurityAudit.Email is not referenced", fault.Message, StringComparison.Ordinal);
    }
}
