using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Quickstart.Tour;

/// <summary>Somebody with a browser: cookies, forms with their antiforgery tokens, and an address of his own.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly HttpClient _http;
    private readonly CookieContainer _cookies = new();
    private readonly Uri _shop;
    private readonly IPAddress _address;

    /// <param name="shop">Where the shop answers.</param>
    /// <param name="address">A loopback address to come from, so that the shop sees different people; any of 127.0.0.0/8 on Linux and
    /// Windows.</param>
    /// <param name="agent">What the visitor's program calls itself.</param>
    public Visitor(Uri shop, string address, string agent)
    {
        _address = IPAddress.Parse(address);
        _shop = shop;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, CookieContainer = _cookies }) { BaseAddress = shop };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
    }

    /// <summary>macOS has 127.0.0.1 alone: there everybody comes from the same address.</summary>
    public static bool CanChooseAddress => !OperatingSystem.IsMacOS();

    public Task<string> OpenAsync(string page) => _http.GetStringAsync(new Uri(page, UriKind.Relative));

    /// <summary>Opens a page that is expected to fail, and returns the status that it answers.</summary>
    public async Task<HttpStatusCode> TryAsync(string page)
    {
        using var response = await _http.GetAsync(new Uri(page, UriKind.Relative));
        return response.StatusCode;
    }

    /// <summary>Opens a page, fills in its form, sends it, and returns the page that follows.</summary>
    /// <param name="page">The page.</param>
    /// <param name="fields">What is typed.</param>
    /// <param name="action">Where the form goes; to the page itself when null.</param>
    public async Task<string> SubmitAsync(string page, Dictionary<string, string> fields, string? action = null)
    {
        var token = Html.ValueAfter(await OpenAsync(page), "name='__RequestVerificationToken' type='hidden' value='");
        using var form = new FormUrlEncodedContent(fields.Append(new("__RequestVerificationToken", token)));
        using var response = await _http.PostAsync(new Uri(action ?? page, UriKind.Relative), form);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends a form that was never opened, so without its antiforgery token, and returns the status that follows.</summary>
    public async Task<HttpStatusCode> PostFormAsync(string page, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        using var response = await _http.PostAsync(new Uri(page, UriKind.Relative), form);
        return response.StatusCode;
    }

    public void TakeCookiesOf(Visitor other) => _cookies.Add(_shop, other._cookies.GetCookies(_shop));

    public Task<string> RegisterAsync(string email, string password) =>
        SubmitAsync("/Account/Register", new() { ["Input.Email"] = email, ["Input.Password"] = password });

    public Task<string> SignInAsync(string email, string password) =>
        SubmitAsync("/Account/Login", new() { ["Input.Email"] = email, ["Input.Password"] = password });

    public Task<string> SignOutAsync() => SubmitAsync("/Account/Logout", []);

    /// <summary>Sends JSON as the mobile application does, and returns the answer, or null when there is none.</summary>
    public async Task<JsonElement?> PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        return response.IsSuccessStatusCode && response.Content.Headers.ContentLength != 0
            ? await response.Content.ReadFromJsonAsync<JsonElement>()
            : null;
    }

    public void UseToken(string token) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public void Dispose() => _http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (CanChooseAddress)
            {
                socket.Bind(new IPEndPoint(_address, 0));
            }

            await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
