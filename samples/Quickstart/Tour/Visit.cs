namespace Quickstart.Tour;

/// <summary>The visit: a customer, the owner, a mobile application and a stranger, over real HTTP.</summary>
internal sealed class Visit : IDisposable
{
    public const string Password = "Quiet-Kettle-7";

    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    private readonly Visitor customer;
    private readonly Visitor owner;
    private readonly Visitor mobile;
    private readonly Visitor stranger;
    private readonly (string Name, string Password) ownerAccount;
    private readonly string run = Guid.NewGuid().ToString("N")[..5];
    private string authenticatorKey = "";

    public Visit(Uri shop, (string Name, string Password) ownerAccount)
    {
        this.ownerAccount = ownerAccount;
        customer = new Visitor(shop, "127.0.0.10", Browser);
        owner = new Visitor(shop, "127.0.0.20", Browser);
        mobile = new Visitor(shop, "127.0.0.30", "UnhurriedShop/2.1 (Android 16)");
        stranger = new Visitor(shop, "127.0.0.66", "python-requests/2.32.5");
    }

    /// <summary>The customer's name: another one in each run, so that every run begins with a new customer.</summary>
    public string Ada => $"ada.{run}@mail.example";

    private string Ben => $"ben.{run}@mail.example";

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
            [.. Enumerable.Repeat("authn_login_fail", 18), "alert_password_spraying"]),
    ];

    public void Dispose()
    {
        customer.Dispose();
        owner.Dispose();
        mobile.Dispose();
        stranger.Dispose();
    }

    private async Task RegisterAsync()
    {
        await customer.RegisterAsync(Ada, Password);
        await customer.SubmitAsync("/", new() { ["product"] = "kettle" }, "/Orders");
    }

    private async Task LockOutAsync()
    {
        await customer.SignOutAsync();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await customer.SignInAsync(Ada, $"Quite-Kettle-{attempt}");
        }

        await customer.SignInAsync(Ada, Password);
    }

    private async Task UnlockAsync()
    {
        await owner.SignInAsync(ownerAccount.Name, ownerAccount.Password);
        await ChangeAccountAsync(Ada, "Unlock");
        await customer.SignInAsync(Ada, Password);
    }

    private async Task DeniedAsync() => await customer.OpenAsync("/Admin");

    private async Task StaffAsync()
    {
        await ChangeAccountAsync(Ada, "Grant");
        await customer.SignOutAsync();
        await customer.SignInAsync(Ada, Password);
        var order = Html.ValueAfter(await customer.OpenAsync("/Admin"), "name='order' value='");
        await customer.SubmitAsync("/Admin", new() { ["order"] = order });
    }

    private async Task SecondFactorAsync()
    {
        authenticatorKey = Html.ValueAfter(await customer.OpenAsync("/Account/TwoFactor"), "class='key'>");
        await customer.SubmitAsync("/Account/TwoFactor", new() { ["Code"] = Authenticator.Code(authenticatorKey, DateTimeOffset.UtcNow) });
        await customer.SignOutAsync();
        await customer.SignInAsync(Ada, Password);
        await customer.SubmitAsync("/Account/LoginTwoFactor", new() { ["Code"] = Authenticator.Code(authenticatorKey, DateTimeOffset.UtcNow) });
    }

    private async Task MobileAsync()
    {
        await mobile.PostAsync("/api/register", new { email = Ben, password = Password });
        var tokens = await mobile.PostAsync("/api/login", new { email = Ben, password = Password });
        var token = tokens?.GetProperty("accessToken").GetString() ?? throw new InvalidOperationException("The shop's API gave no token.");
        mobile.UseToken(token);
        await mobile.PostAsync("/api/orders", new { product = "lamp" });
        await mobile.OpenAsync("/api/orders");
        mobile.UseToken(token[..^8] + "AAAAAAAA");
        await mobile.TryAsync("/api/orders");
    }

    private async Task ExceptionAsync() => await customer.TryAsync("/Invoice?order=1");

    private async Task SprayAsync()
    {
        string[] accounts = [Ada, Ben, "admin", "info", "sales", "root", "test", "backup", "office"];
        foreach (var password in new[] { "Winter-2026", "Password-1" })
        {
            foreach (var account in accounts)
            {
                await stranger.SignInAsync(account.Contains('@', StringComparison.Ordinal) ? account : $"{account}@shop.example", password);
            }
        }
    }

    private async Task ChangeAccountAsync(string name, string handler)
    {
        var page = await owner.OpenAsync("/Admin/Users");
        var row = page.IndexOf(name, StringComparison.Ordinal);
        var id = row < 0 ? "" : Html.ValueAfter(page[row..], "name='user' value='");
        await owner.SubmitAsync("/Admin/Users", new() { ["user"] = id }, $"/Admin/Users?handler={handler}");
    }
}
