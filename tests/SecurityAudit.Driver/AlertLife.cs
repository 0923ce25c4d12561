using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Driver;

/// <summary>
/// One life of an application that is attacked once: starts, records ten failed sign-ins, waits until the channel has the alert, stops. It kills
/// itself where it is told to, as nobody can stop it from.
/// </summary>
internal sealed class AlertLife(string folder, string killAt) : IAlertSink
{
    private readonly TaskCompletionSource _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _account = "ada-" + Guid.NewGuid().ToString("N");

    public string Name => "pager";

    public async Task RunAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder, DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.AddSecurityAudit(audit => audit.AlertTo(this).Configure(options => options.Alerts.DigestAbove = 1000)); // each by itself
        using var host = builder.Build();
        await host.StartAsync();
        var journal = host.Services.GetRequiredService<JournalWriter>();
        var audit = host.Services.GetRequiredService<ISecurityAudit>();
        for (var attempt = 0; attempt < 10; attempt++)
        {
            audit.Record(SecurityEvents.AuthnLoginFail(new AuditUser(_account, _account), "wrong password").With("source.ip", IPAddress.Parse("203.0.113.7")));
        }

        KillAt("recorded");
        await journal.FlushAsync();
        Console.WriteLine(_account);
        KillAt("flushed");
        await _delivered.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await host.StopAsync();
    }

    /// <summary>The receiver: it has what is in its file.</summary>
    public Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        KillAt("delivering");
        using (var file = new FileStream(Path.Combine(folder, "received"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId} {delivery.Alert!.EventId}\n"));
            file.Flush(flushToDisk: true);
        }

        KillAt("delivered");
        if (delivery.Alert.Sentence.Contains(_account, StringComparison.Ordinal))
        {
            _delivered.TrySetResult(); // the last: what lives before left comes first
        }

        return Task.CompletedTask;
    }

    private void KillAt(string step)
    {
        if (killAt == step)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill(); // SIGKILL: nothing is written, closed or said
        }
    }
}
