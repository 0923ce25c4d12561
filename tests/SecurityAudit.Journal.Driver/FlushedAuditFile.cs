using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Compact;
using Serilog.Sinks.File;

namespace SecurityAudit.Journal.Driver;

/// <summary>
/// Serilog's <c>AuditTo.File</c> as one would have to write it to get the journal's promise: each event is on disk when the call returns.
/// </summary>
internal static class FlushedAuditFile
{
    private const string Template =
        "{Action} {Kind} {Category} {Type} {Outcome} {Severity} {Provider} {Reason} {UserId} {UserName} {Address} {Port} {Agent} {Method} "
        + "{Status} {Path} {Scheme} {Session} {Service} {Host} {Trace} {Span}";

    public static Logger Create(string path) => new LoggerConfiguration()
        .AuditTo.File(new CompactJsonFormatter(), path, hooks: new FlushToDisk())
        .CreateLogger();

    /// <summary>The facts of <see cref="Some.RealisticEvent"/>.</summary>
    public static void WriteRealisticEvent(ILogger logger) => logger.Warning(
        Template,
        "authn_login_fail", "event", "authentication", "start", "failure", 47, "security-audit", "wrong password", "0b6b6f0e-1c1f-4f0d-9d38-f2c3b7d1b6a1",
        "alice", "203.0.113.7", 50814, "Mozilla/5.0 (X11; Linux x86_64)", "POST", 200, "/Account/Login", "https", "k3f9x2abk3f9x2ab", "shop", "web-07",
        "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");

    /// <summary>The sink flushes its writer after each event; only the file's own flush reaches the disk.</summary>
    private sealed class FlushToDisk : FileLifecycleHooks
    {
        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding) => new Durable((FileStream)underlyingStream);
    }

    private sealed class Durable(FileStream file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => file.CanSeek;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override void Flush() => file.Flush(flushToDisk: true);

        public override void Write(byte[] buffer, int offset, int count) => file.Write(buffer, offset, count);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void SetLength(long value) => file.SetLength(value);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
