using Quickstart.Data;
using SecurityAudit;
using SecurityAudit.Journal;
using Spectre.Console;

namespace Quickstart.Tour;

/// <summary>The visit, scene by scene, with what the journal recorded of it, and the verdict on the journal.</summary>
internal sealed class ShopTour : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console;
    private readonly string _directory;
    private readonly Uri _shop;
    private readonly ShopOwner _owner;
    private readonly TourTable _table;
    private readonly JournalWriter _journal;
    private readonly JournalFollower _follower;
    private readonly Visit _visit;
    private readonly List<string> _alerts = [];
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;

    public ShopTour(WebApplication app, IAnsiConsole console)
    {
        _console = console;
        _journal = app.Services.GetRequiredService<JournalWriter>();
        _directory = _journal.LogDirectory;
        _shop = new Uri($"http://127.0.0.1:{BindingAddress.Parse(app.Urls.First()).Port}");
        _owner = ShopOwner.From(app.Configuration);
        _table = new TourTable(console);
        _follower = new JournalFollower(_journal, Show);
        _visit = new Visit(_shop, _owner);
    }

    /// <summary>False when something that should be on record is not; the console says what.</summary>
    public async Task<bool> RunAsync()
    {
        Say($"The Unhurried Shop is open at {_shop}. Now it gets visitors; the table shows what its journal records of them.");
        _console.WriteLine();
        var missing = await VisitAsync();

        _console.WriteLine();
        missing.AddRange(OnAlerts());
        Say($"Is the journal in {_directory} what was written?");
        missing.AddRange(await new Verdict(_console, _directory, _journal.Key).OnJournalAsync());
        Say("And if somebody had changed one digit of the stranger's address, in a copy?");
        missing.AddRange(new Verdict(_console, _directory, _journal.Key).OnForgery(_visit.Stranger, _visit.Stranger[..^1] + "5"));

        _console.WriteLine();
        Say(missing.Count == 0 ? "Everything that happened is on record." : "MISSING:");
        missing.ForEach(Say);
        return missing.Count == 0;
    }

    public void SayHowToLookFurther()
    {
        _console.WriteLine();
        Say($"The shop stays open at {_shop} until Ctrl+C. Sign in as {_owner.Name} with the password {_owner.Password}.");
        Say("What you do there appears here, too. To look further, from the repository's directory:");
        Say($"  dotnet run --project src/SecurityAudit.Tool -- follow {_directory} --action authn_*");
        Say($"  dotnet run --project src/SecurityAudit.Tool -- show {_directory} --source {_visit.Stranger}");
        Say($"  dotnet run --project src/SecurityAudit.Tool -- verify {_directory} --key {_journal.Key}");
        _console.WriteLine();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _visit.Dispose();
        _end.Dispose();
    }

    private async Task<List<string>> VisitAsync()
    {
        _table.WriteHeader();
        _reading = _follower.RunAsync(_end.Token);
        await _follower.SettleAsync(Patience);

        var missing = new List<string>();
        foreach (var scene in _visit.Scenes)
        {
            _table.WriteScene(scene.Title);
            _follower.Await(scene.Expected);
            await scene.Play();
            missing.AddRange((await _follower.SettleAsync(Patience)).Select(action => $"  {action}, expected after: {scene.Title}"));
        }

        return missing;
    }

    private void Show(JournalEvent recorded)
    {
        if (recorded.IsAlert)
        {
            _alerts.Add(recorded.Action);
        }

        _table.Write(recorded);
    }

    /// <summary>Each attack is told once, and nobody else.</summary>
    private IEnumerable<string> OnAlerts()
    {
        Say($"{_alerts.Count} alerts, {_visit.Alerts.Count} expected: one for each attack, and none for Ada, Ben and the owner.");
        return Visitor.CanChooseAddress && !_alerts.Order(StringComparer.Ordinal).SequenceEqual(_visit.Alerts.Order(StringComparer.Ordinal), StringComparer.Ordinal)
            ? [$"  alerts {string.Join(", ", _visit.Alerts)}, but there were {string.Join(", ", _alerts)}"]
            : [];
    }

    private void Say(string text) => _console.WriteLine(text);
}
