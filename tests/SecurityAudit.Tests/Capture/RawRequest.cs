using System.Net.Sockets;
using System.Text;

namespace SecurityAudit.Tests.Capture;

/// <summary>Bytes that no HTTP client would send, and the status that comes back.</summary>
internal static class RawRequest
{
    public static async Task<string> SendAsync(Uri address, string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), TestContext.Current.CancellationToken);
        try
        {
            var line = await new StreamReader(stream, Encoding.Latin1).ReadLineAsync(TestContext.Current.CancellationToken);
            return line?.Split(' ') is [_, var status, ..] ? status : "";
        }
        catch (IOException)
        {
            return ""; // the server closes a connection on which there is more than it read
        }
    }
}
