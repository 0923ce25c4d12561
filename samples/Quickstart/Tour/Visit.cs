using Quickstart.Api;
using Quickstart.Data;

namespace Quickstart.Tour;

/// <summary>The visit: a customer, the owner, a mobile application, a stranger and a scanner, over real HTTP.</summary>
internal sealed class Visit : IDisposable
{
    public const string Password = "Quiet-Kettle-7";

    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    private readonly Visitor _customer;
    private readonly Visitor _owner;
    private readonly Visitor _mobile;
    private readonly Visitor _stranger;
    private readonly Visitor _scanner;
    private readonly Visitor _forger;
    private readonly Visitor _thief;
    private readonly ShopOwner _ownerAccount;
    private readonly string _run = Guid.NewGuid().ToString("N")[..5];
    private readonly int _network = Random.Shared.Next(1, 255); // nothing depends on who could guess it
    private string _authenticatorKey = "";

    public Visit(Uri shop, ShopOwner ownerAccount)
    {
        _ownerAccount = ownerAccount;
        _customer = new Visitor(shop, "127.0.0.10", Browser);
        _owner = new Visitor(shop, "127.0.0.20", Browser);
        _mobile = new Visitor(shop, "127.0.0.30", "UnhurriedShop/2.1 (Android 16)");
        _stranger = new Visitor(shop, Stranger, "python-requests/2.32.5");
        _scanner = new Visitor(shop, $"127.0.{_network}.77", "Mozilla/5.00 (Nikto/2.5.0)");
        _forger = new Visitor(shop, $"127.0.{_network}.88", Browser);
        _thief = new Visitor(shop, $"127.0.{_network}.99", "curl/8.14.1");
    }

    /// <summary>Where the stranger comes from: elsewhere in each run, for an attack that goes on from the same place is told once.</summary>
    public string Stranger => $"127.0.{_network}.66";

    /// <summary>The customer's name: another one in each run, so that every run begins with a new customer.</summary>
    public string Ada => $"ada.{_run}@mail.example";

    private string Ben => $"ben.{_run}@mail.example";

    public IReadOnlyList<Scene> Scenes =>
    [
        new("Ada registers and orders a kettle", RegisterAsync, "user_created", "session_created", "order.place"),
        new("She signs out, mistypes her password until the account locks, and then types the right one in vain", LockOutAsync,
            "session_logout", "authn_login_fail", "authn_login_fail", "authn_login_fail", "authn_login_fail", "authn_login_lock"),
        new("The owner signs in and unlocks her; she signs in", UnlockAsync, "authn_login_success", "authn_unlock"),
        new("She looks for the staff's pages and is refused", DeniedAsync, "authz_fail"),
        new("The owner makes her staff; she signs in again and ships the order", StaffAsync, "authz_change", "order.ship"),
        new("Staff needs a second factor: she turns it on and signs in with a code", SecondFactorAsync, "authn_mfa_success"),
        new("Ben's mobile application registers, gets a token, orders a lamp; a forged token is refused", MobileAsync,
            "user_created", "order.place", "order.list"),
        new("The page that prints invoices has a bug", ExceptionAsync, "app_exception"),
        new("A stranger tries two common passwords on nine accounts", SprayAsync,
            [.. Enumerable.Repeat("authn_login_fail", 18), .. Alert("password_spraying")]),
        new("With a password that was stolen elsewhere the stranger is in as Ben", BreakInAsync, ["authn_login_successafterfail", .. Alert("success_after_attack")]),
        new("A scanner looks for what others forgot, and calls the API until it may not", ScanAsync,
            ["malicious_attack_tool", "malicious_excess_404", "excess_rate_limit_exceeded", .. Alert("attack_tool"), .. Alert("forced_browsing")]),
        new("Somebody sends forms that the shop did not make", ForgeAsync, [.. Enumerable.Repeat("malicious_csrf", 5), .. Alert("forged_request")]),
        new("Somebody elsewhere uses the cookie of Ada's browser", StealAsync, ["session_source_changed", .. Alert("session_reuse")]),
    ];

    /// <summary>The alerts that the visit must raise, each once.</summary>
    public IReadOnlyList<string> Alerts => [.. Scenes.SelectMany(scene => scene.Expected).Where(action => action.StartsWith("alert_", StringComparison.Ordinal))];

    // Where everybody comes from one address, a second run within the hour is one attack with the first.
    private static string[] Alert(string rule) => Visitor.CanChooseAddress ? ["alert_" + rule] : [];

    public void Dispose()
    {
        _customer.Dispose();
        _owner.Dispose();
        _mobile.Dispose();
        _stranger.Dispose();
        _scanner.Dispose();
        _forger.Dispose();
        _thief.Dispose();
    }

    private async Task RegisterAsync()
    {
        await _customer.RegisterAsync(Ada, Password);
        await _customer.SubmitAsync("/", new() { ["product"] = "kettle" }, "/Orders");
    }

    private async Task LockOutAsync()
    {
        await _customer.SignOutAsync();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await _customer.SignInAsync(Ada, $"Quite-Kettle-{attempt}");
        }

        await _customer.SignInAsync(Ada, Password);
    }

    private async Task UnlockAsync()
    {
        await _owner.SignInAsync(_ownerAccount.Name, _ownerAccount.Password);
        await ChangeAccountAsync(Ada, "Unlock");
        await _customer.SignInAsync(Ada, Password);
    }

    private async Task DeniedAsync() => await _customer.OpenAsync("/Admin");

    private async Task StaffAsync()
    {
        await ChangeAccountAsync(Ada, "Grant");
        await _customer.SignOutAsync();
        await _customer.SignInAsync(Ada, Password);
        var order = Html.ValueAfter(await _customer.OpenAsync("/Admin"), "name='order' value='");
        await _customer.SubmitAsync("/Admin", new() { ["order"] = order });
    }

    private async Task SecondFactorAsync()
    {
        _authenticatorKey = Html.ValueAfter(await _customer.OpenAsync("/Account/TwoFactor"), "class='key'>");
        await _customer.SubmitAsync("/Account/TwoFactor", new() { ["Code"] = Authenticator.Code(_authenticatorKey, DateTimeOffset.UtcNow) });
        await _customer.SignOutAsync();
        await _customer.SignInAsync(Ada, Password);
        await _customer.SubmitAsync("/Account/LoginTwoFactor", new() { ["Code"] = Authenticator.Code(_authenticatorKey, DateTimeOffset.UtcNow) });
    }

    private async Task MobileAsync()
    {
        await _mobile.PostAsync("/api/register", new { email = Ben, password = Password });
        var tokens = await _mobile.PostAsync("/api/login", new { email = Ben, password = Password });
        var token = tokens?.GetProperty("accessToken").GetString() ?? throw new InvalidOperationException("The shop's API gave no token.");
        _mobile.UseToken(token);
        await _mobile.PostAsync("/api/orders", new { product = "lamp" });
        await _mobile.OpenAsync("/api/orders");
        _mobile.UseToken(token[..^8] + "AAAAAAAA");
        await _mobile.TryAsync("/api/orders");
    }

    private async Task ExceptionAsync() => await _customer.TryAsync("/Invoice?order=1");

    private async Task SprayAsync()
    {
        string[] accounts = [Ada, Ben, "admin", "info", "sales", "root", "test", "backup", "office"];
        foreach (var password in new[] { "Winter-2026", "Password-1" })
        {
            foreach (var account in accounts)
            {
                await _stranger.SignInAsync(account.Contains('@', StringComparison.Ordinal) ? account : $"{account}@shop.example", password);
            }
        }
    }

    private async Task BreakInAsync() => await _stranger.SignInAsync(Ben, Password);

    private async Task ScanAsync()
    {
        string[] forgotten = ["wp-login", "phpinfo", "config", "backup", "shell", "setup", "db", "test", "old"];
        foreach (var name in forgotten)
        {
            foreach (var ending in new[] { "php", "bak", "zip" })
            {
                await _scanner.TryAsync($"/{name}.{ending}");
            }
        }

        for (var call = 0; call <= ApiLimit.Calls; call++)
        {
            await _scanner.TryAsync($"/api/v{call}/users");
        }
    }

    private async Task ForgeAsync()
    {
        for (var order = 1; order <= 5; order++)
        {
            await _forger.PostFormAsync("/Account/Login", new() { ["Input.Email"] = Ada, ["order"] = $"{order}" });
        }
    }

    private async Task StealAsync()
    {
        _thief.TakeCookiesOf(_customer);
        await _thief.TryAsync("/Orders");
    }

    private async Task ChangeAccountAsync(string name, string handler)
    {
        var page = await _owner.OpenAsync("/Admin/Users");
        var row = page.IndexOf(name, StringComparison.Ordinal);
        var id = row < 0 ? "" : Html.ValueAfter(page[row..], "name='user' value='");
        await _owner.SubmitAsync("/Admin/Users", new() { ["user"] = id }, $"/Admin/Users?handler={handler}");
    }
}
