using System.ComponentModel;
using SecurityAudit.Journal.Tests;

namespace SecurityAudit.Tests.Alerts;

public sealed class KilledDeliveryTests : IDisposable
{
    private static readonly string[] Steps = ["recorded", "flushed", "delivering", "delivered"];

    private readonly TracedAlertLives _lives = new();

    public void Dispose() => _lives.Dispose();

    [Fact]
    public async Task NoAlertIsLostAndNoneIsDeliveredTwiceByOneProcessThoughItIsKilledAtEachStep()
    {
        foreach (var step in Steps)
        {
            Assert.True(await _lives.LiveAsync(step), $"It was to be killed when the alert was {step}.");
        }

        await AllAreDelivered();
    }

    [Fact]
    public async Task NorIfItIsKilledAtEachCallThatDeliversOrNotesIt()
    {
        await KillAsync(kills: 10);
        await AllAreDelivered();
    }

    [Fact(Explicit = true), Trait("Category", "Campaign")]
    public async Task NorInAHundredKills()
    {
        await KillAsync(kills: 100);
        await AllAreDelivered();
    }

    private async Task KillAsync(int kills)
    {
        RequireStrace();
        Assert.False(await _lives.LiveAsync());
        var calls = await _lives.CallsAsync();
        Assert.Contains(calls, call => call.Call is "fsync" or "fdatasync");
        Assert.Contains(calls, call => call.Call.StartsWith("rename", StringComparison.Ordinal));
        var random = new Random(15);
        var killed = 0;
        for (var life = 0; killed < kills; life++)
        {
            Assert.True(life < 5 * kills, $"{killed} of {life} lives were killed.");
            var (call, count) = calls[random.Next(calls.Count)];
            var n = 1;
            while (n < count && random.Next(2) == 0)
            {
                n++; // the later ones more rarely: calls are counted by thread, and the next life may spread them over more threads
            }

            killed += await _lives.LiveUntilAsync(call, n) ? 1 : 0;
        }
    }

    private async Task AllAreDelivered()
    {
        Assert.False(await _lives.LiveAsync()); // delivers what those before it have left
        var raised = _lives.Raised;
        var received = _lives.Received;

        Assert.NotEmpty(_lives.Acknowledged);
        Assert.Empty(_lives.Acknowledged.Where(account => raised.Count(alert => alert.Sentence.Contains(account, StringComparison.Ordinal)) != 1)
            .Select(account => $"the attack on {account} was on disk and was not told once"));
        Assert.Empty(raised.ExceptBy(received.Select(delivery => delivery.Alert), alert => alert.Id, StringComparer.Ordinal).Select(alert => $"{alert} was never delivered"));
        Assert.Empty(received.CountBy(delivery => delivery).Where(delivery => delivery.Value > 1).Select(delivery => $"{delivery.Key} was delivered {delivery.Value} times"));
    }

    private static void RequireStrace()
    {
        try
        {
            using var strace = DriverProcess.StartProgram("strace", "-V");
        }
        catch (Win32Exception)
        {
            Assert.Skip("strace is not there.");
        }
    }
}
