using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Email.Tests;

public sealed class EmailOptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-mail-options-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task EveryFaultOfTheEmailSectionIsInOneMessageAndThePasswordIsInNone()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var settings = new Dictionary<string, string?>
        {
            ["Name"] = "My Mail", ["Port"] = "70000", ["Security"] = "None", ["Username"] = "audit", ["Password"] = "hunter2", ["From"] = "nobody",
            ["To:0"] = "oncall@shop.example\r\nBcc: thief@evil.example", ["AuthorityFile"] = Path.Combine(_folder.FullName, "none.pem"), ["Hots"] = "hunter2",
        };
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("SecurityAudit:Alerts:Email:" + setting.Key, setting.Value)));
        builder.AddSecurityAudit();
        await using var app = builder.Build();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        foreach (var expected in new[]
        {
            "Email:Name is 'My Mail', expected 1 to 40 lower-case letters, digits and hyphens.",
            "Email:Host is missing or is not a host's name, expected one such as mail.example.",
            "Email:Port is 70000, expected 1 to 65535.",
            "Email:Username is set and Security is None, expected StartTls or Tls: the password would be readable on the way.",
            "Email:From is 'nobody', expected one address such as audit@shop.example.",
            "Email:To holds 'oncall@shop.example",
            "Email:AuthorityFile '",
            "Email:Hots is not an option, expected one of Name, Host,",
        })
        {
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("hunter2", fault.Message, StringComparison.Ordinal);
    }
}
