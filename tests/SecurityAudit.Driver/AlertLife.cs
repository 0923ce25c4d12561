using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Driver;

/// <summary>
/// One life of an application that raises one alert: starts, records it, waits until the channel has it and that is noted, stops. It kills
/// itself where it is told to, as nobody can stop it from.
/// </summary>
internal sealed class AlertLife(string folder, string killAt) : IAlertSink
{
    private readonly TaskCompletionSource _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _id = Guid.CreateVersion7().ToString();

    public string Name => "pager";

    public async Task RunAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder, DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.AddSecurityAudit(audit => audit.AlertTo(this).Configure(options => options.Alerts.DigestAbove = 1000)); // each by itself
        using var host = builder.Build();
        await host.StartAsync();
        var journal = host.Services.GetRequiredService<JournalWriter>();
        host.Services.GetRequiredService<ISecurityAudit>().Record(
            new SecurityEvent("alert_brute_force", ["intrusion_detection"], ["info"]) { Id = _id, Kind = "alert", Severity = EventSeverity.High, Message = "an alert" });
        KillAt("recorded");
        await journal.FlushAsync();
        Console.WriteLine(_id);
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
        if (delivery.Alert.EventId == _id)
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
