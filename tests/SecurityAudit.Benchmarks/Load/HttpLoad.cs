using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SecurityAudit.Benchmarks.Load;

/// <summary>
/// A number of requests over a number of connections to loopback, each connection one request at a time; ends when they are answered.
/// </summary>
internal static class HttpLoad
{
    public static async Task SendAsync(Uri server, string path, int requests, int connections)
    {
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nUser-Agent: load\r\n\r\n");
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number =>
            Task.Run(() => RunAsync(server.Port, request, (requests / connections) + (number < requests % connections ? 1 : 0)))));
    }

    private static async Task RunAsync(int port, byte[] request, int times)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[16 * 1024];
        for (var sent = 0; sent < times; sent++)
        {
            await socket.SendAsync(request);
            await ReadAnswerAsync(socket, buffer);
        }
    }

    private static async Task ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        for (var length = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += read;
            if (read == 0 || length == buffer.Length)
            {
                throw new InvalidOperationException($"The answer ended after {length} bytes, or is larger than {buffer.Length}.");
            }

            if (IsComplete(buffer.AsSpan(0, length)))
            {
                return;
            }
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return false;
        }

        var body = answer.Length - head - 4;
        if (answer[..head].IndexOf("Content-Length: "u8) is >= 0 and var at)
        {
            return Utf8Parser.TryParse(answer[(at + "Content-Length: "u8.Length)..], out int expected, out _) && body >= expected;
        }

        return answer[..head].IndexOf("Transfer-Encoding: chunked"u8) < 0 || answer.EndsWith("0\r\n\r\n"u8);
    }
}
