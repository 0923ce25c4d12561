using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>Writes one log of a journal: lines in the order of their sequence numbers, durable in groups.</summary>
public sealed class JournalWriter : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private JournalWriter(string directory, FileStream file)
    {
        LogDirectory = directory;
        _file = file;
    }

    /// <summary>The random name of this log, in each of its lines.</summary>
    public string Id { get; } = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 8);

    /// <summary>The directory that holds this log's segments.</summary>
    public string LogDirectory { get; }

    /// <summary>The lines appended so far, which is also the next sequence number.</summary>
    public long Size { get; private set; }

    /// <summary>The lines that survive a power cut.</summary>
    public long DurableSize => Size;

    /// <summary>How the journal stands.</summary>
    public JournalHealth Health { get; } = JournalHealth.Healthy;

    /// <summary>Opens the journal in a directory, which is created when it does not exist.</summary>
    /// <exception cref="JournalException">It cannot be written; the message says what to do.</exception>
    public static JournalWriter Open(string directory, JournalOptions? options = null)
    {
        Directory.CreateDirectory(directory);
        var first = Directory.GetFiles(directory, "*.jsonl").Length;
        return new JournalWriter(directory, new FileStream(
            Path.Combine(directory, $"{first:D20}.jsonl"), FileMode.CreateNew, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Takes one JSON object in UTF-8 as the next line and returns its sequence number; -1 when it had to be dropped.</summary>
    /// <exception cref="JournalUnavailableException">The journal cannot take it and the failure mode is <see cref="JournalFailureMode.Refuse"/>.</exception>
    public long Append(ReadOnlySpan<byte> json, bool critical = false)
    {
        lock (_lock)
        {
            byte[] entry = [.. Encoding.UTF8.GetBytes($"{{\"journal.id\":\"{Id}\",\"event.sequence\":{Size},"), .. json[1..]];
            var hash = Base64Url.EncodeToUtf8(SHA256.HashData([0, .. entry]));
            _file.Write([.. entry.AsSpan(0, entry.Length - 1), .. ",\"event.hash\":\""u8, .. hash, .. "\"}\n"u8]);
            _file.Flush();
            var grown = _grown;
            _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
            grown.SetResult();
            return Size++;
        }
    }

    /// <summary>Completes when every line appended so far is on disk.</summary>
    public ValueTask FlushAsync(CancellationToken ct = default) => FlushAsync(Size - 1, ct);

    /// <summary>Completes when the line with this sequence number is on disk.</summary>
    public ValueTask FlushAsync(long sequence, CancellationToken ct = default) => new(WaitForDurableAsync(sequence, ct).AsTask());

    /// <summary>Completes with <see cref="DurableSize"/> once it is greater than <paramref name="beyond"/>: how a follower in the process waits.</summary>
    public async ValueTask<long> WaitForDurableAsync(long beyond, CancellationToken ct = default)
    {
        while (true)
        {
            Task grown;
            lock (_lock)
            {
                if (Size > beyond)
                    return Size;
                grown = _grown.Task;
            }

            await grown.WaitAsync(ct);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
