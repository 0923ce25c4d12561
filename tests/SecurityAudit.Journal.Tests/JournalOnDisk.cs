using System.Text;

namespace SecurityAudit.Journal.Tests;

/// <summary>
/// A log written line by line through the format alone, without the writer, into a temporary directory: exact to the byte and, but for the
/// signatures, the same each time.
/// </summary>
internal sealed class JournalOnDisk : IDisposable
{
    private readonly byte[] _id;
    private readonly bool _ownsDirectory;
    private MerkleTree _tree = new();

    public JournalOnDisk(string id = "k3f5x2ab", string? directory = null, TestSigner? signer = null)
    {
        _id = Encoding.ASCII.GetBytes(id);
        _ownsDirectory = directory is null;
        Directory = directory ?? System.IO.Directory.CreateTempSubdirectory("journal-").FullName;
        System.IO.Directory.CreateDirectory(Directory);
        Signer = signer ?? Some.Signer();
        Roll();
    }

    public string Directory { get; }

    public TestSigner Signer { get; set; }

    public string Origin => "security-audit/" + Encoding.ASCII.GetString(_id);

    public long Size => _tree.Size;

    public byte[] Root => _tree.Root();

    /// <summary>The segment that is written.</summary>
    public string Segment { get; private set; } = "";

    public Checkpoint Signed => Checkpoint.Sign(Origin, _tree.Size, _tree.Root(), Signer);

    /// <summary>Begins a segment with its opened line.</summary>
    public void Roll()
    {
        Segment = Path.Combine(Directory, JournalSegment.NameOf(_tree.Size));
        Append(ControlPayload.Opened(Some.Moment, _tree, Signer.Key, Some.Address, 4711, TimeSpan.FromSeconds(1)));
    }

    /// <summary>Goes back to an earlier state of the log, to write another future.</summary>
    public void ContinueFrom(MerkleTree tree) => _tree = tree.Clone();

    public MerkleTree State() => _tree.Clone();

    public void AppendMany(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            Append($$"""{"event.action":"authn_login_fail","user.name":"user{{Size}}"}""");
        }
    }

    public void Append(string payload) => Append(Some.Utf8(payload));

    public void Append(byte[] payload) => File.AppendAllBytes(Segment, Seal(payload));

    /// <summary>The line of a payload at the log's end, newline included; the log counts it as written.</summary>
    public byte[] Seal(byte[] payload)
    {
        var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
        var leaf = new byte[32];
        var length = JournalLineFormat.Seal(framed, _id, _tree.Size, payload, leaf);
        _tree.Append(leaf);
        return framed[1..(1 + length)];
    }

    public Checkpoint AppendCheckpoint(Checkpoint? checkpoint = null)
    {
        checkpoint ??= Signed;
        Append(ControlPayload.Checkpoint(Some.Moment, checkpoint));
        return checkpoint;
    }

    public void Dispose()
    {
        if (_ownsDirectory)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
