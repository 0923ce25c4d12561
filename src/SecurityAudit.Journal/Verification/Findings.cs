namespace SecurityAudit.Journal;

/// <summary>Collects what is wrong with one log. A run of bad lines is one finding: its first line says where.</summary>
internal sealed class Findings(int most)
{
    private readonly List<VerificationFinding> _listed = [];
    private FindingKind? _run;

    public IReadOnlyList<VerificationFinding> Listed => _listed;

    public int Count { get; private set; }

    /// <summary>The first line in doubt; <see cref="long.MaxValue"/> when none is.</summary>
    public long FirstBad { get; private set; } = long.MaxValue;

    public void Add(FindingKind kind, string path, long offset, long sequence, string message)
    {
        FirstBad = Math.Min(FirstBad, sequence);
        if (++Count <= most)
        {
            _listed.Add(new VerificationFinding(kind, path, offset, sequence, message));
        }
    }

    /// <summary>The same, unless the line before was bad in the same way.</summary>
    public void AddToRun(FindingKind kind, string path, long offset, long sequence, string message)
    {
        if (_run != kind)
        {
            Add(kind, path, offset, sequence, message);
        }

        _run = kind;
    }

    public void EndRun() => _run = null;
}
