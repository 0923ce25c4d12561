using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SecurityAudit.Elasticsearch.Tests;

internal enum Fault
{
    None,

    /// <summary>The connection is cut in the middle of the request.</summary>
    CutRequest,

    /// <summary>The request arrives whole; the answer never does.</summary>
    LoseAnswer,

    /// <summary>Half of the answer.</summary>
    TruncateAnswer,

    /// <summary>Some bytes of the request are others. Only where gzip's check sum can tell, as TLS would: an uncompressed body over bare
    /// HTTP has no protection at all.</summary>
    CorruptRequest,

    /// <summary>Some bytes of the answer are others.</summary>
    CorruptAnswer,

    /// <summary>The request arrives twice.</summary>
    Duplicate,

    /// <summary>The answer comes late.</summary>
    Delay,
}

/// <summary>A proxy that speaks just enough HTTP/1.1 to know where a request ends, and then does to it what networks do.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(Fault Fault, Func<Task>? Then)> _next = new();
    private Task _accepting = Task.CompletedTask;

    public Uri Url { get; private set; } = null!;

    /// <summary>Where requests go; may change when an engine restarts.</summary>
    public Uri Target { get; set; } = null!;

    /// <summary>Decides about bulk requests for which nothing is planned.</summary>
    public Func<Fault> Choose { get; set; } = static () => Fault.None;

    public ConcurrentDictionary<Fault, int> Done { get; } = new();

    /// <summary>The engine's answers to bulk requests, by status.</summary>
    public ConcurrentDictionary<int, int> Answers { get; } = new();

    public static Task<FaultyProxy> StartAsync(Uri target)
    {
        var proxy = new FaultyProxy { Target = target };
        proxy._listener.Start();
        proxy.Url = new Uri($"http://{proxy._listener.LocalEndpoint}/");
        proxy._accepting = proxy.AcceptAsync();
        return Task.FromResult(proxy);
    }

    /// <summary>The next bulk request gets this; afterwards something happens before anything else passes.</summary>
    public void Next(Fault fault, Func<Task>? then = null) => _next.Enqueue((fault, then));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            while (await ReadMessageAsync(stream) is { } request)
            {
                var planned = request.AsSpan().IndexOf("/_bulk"u8) is >= 0 and < 200;
                var (fault, then) = !planned ? (Fault.None, null) : _next.TryDequeue(out var queued) ? queued : (Choose(), null);
                if (fault == Fault.CorruptRequest && !IsCompressed(request))
                {
                    _next.Enqueue((fault, then)); // the next one may be
                    (fault, then) = (Fault.None, null);
                }

                if (fault != Fault.None)
                {
                    Done.AddOrUpdate(fault, 1, (_, count) => count + 1);
                }

                var goesOn = await PassAsync(stream, request, fault, planned);
                if (then is not null)
                {
                    await then();
                }

                if (!goesOn)
                {
                    client.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, not a polite end
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            return; // either side went away: what a network does
        }
    }

    private async Task<bool> PassAsync(NetworkStream client, byte[] request, Fault fault, bool counted)
    {
        if (fault == Fault.CorruptRequest)
        {
            Corrupt(request, BodyStart(request));
        }

        if (fault == Fault.Duplicate)
        {
            await AskAsync(request);
        }

        if (fault == Fault.CutRequest)
        {
            using var half = await ConnectAsync();
            await half.GetStream().WriteAsync(request.AsMemory(0, request.Length * 2 / 3), _stop.Token);
            return false;
        }

        var answer = await AskAsync(request);
        if (counted && Utf8Parser.TryParse(answer.AsSpan("HTTP/1.1 ".Length), out int status, out _))
        {
            Answers.AddOrUpdate(status, 1, (_, count) => count + 1);
        }

        switch (fault)
        {
            case Fault.LoseAnswer:
                return false;
            case Fault.TruncateAnswer:
                await client.WriteAsync(answer.AsMemory(0, answer.Length / 2), _stop.Token);
                return false;
            case Fault.CorruptAnswer:
                Corrupt(answer, BodyStart(answer));
                break;
            case Fault.Delay:
                await Task.Delay(300, _stop.Token);
                break;
        }

        await client.WriteAsync(answer, _stop.Token);
        return true;
    }

    private async Task<byte[]> AskAsync(byte[] request)
    {
        using var engine = await ConnectAsync();
        await using var stream = engine.GetStream();
        await stream.WriteAsync(request, _stop.Token);
        return await ReadMessageAsync(stream) ?? throw new IOException("The engine gave no answer.");
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var engine = new TcpClient();
        await engine.ConnectAsync(Target.Host, Target.Port, _stop.Token);
        return engine;
    }

    private static void Corrupt(byte[] message, int from)
    {
        for (var i = from + ((message.Length - from) / 3); i < message.Length; i += 997)
        {
            message[i] ^= 0x15;
        }
    }

    private static bool IsCompressed(byte[] message) => message.AsSpan(0, BodyStart(message)).IndexOf("Content-Encoding: gzip"u8) >= 0;

    private static int BodyStart(byte[] message) => message.AsSpan().IndexOf("\r\n\r\n"u8) + 4;

    private async Task<byte[]?> ReadMessageAsync(NetworkStream stream)
    {
        using var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        long? length = null;
        while (length is null || message.Length < length)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return null;
            }

            message.Write(buffer, 0, read);
            length ??= Length(message.GetBuffer().AsSpan(0, (int)message.Length));
        }

        return message.ToArray();
    }

    /// <summary>The whole message's length; null while its headers are not there. Engines and our client always say the length.</summary>
    private static long? Length(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var headers = System.Text.Encoding.ASCII.GetString(message[..end]);
        foreach (var line in headers.Split("\r\n"))
        {
            if (line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            {
                return end + 4 + long.Parse(line.AsSpan(15), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return end + 4;
    }
}
