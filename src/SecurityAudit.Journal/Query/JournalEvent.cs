using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// A line of the journal as an event: its fields by their names, as text. Keeps a copy of the line and may be used for as long as it is
/// needed, by any thread.
/// </summary>
/// <remarks>
/// Nothing here throws, whatever a hostile or damaged line holds: what cannot be read is empty, and <see cref="Fault"/> says what. Texts
/// are as they were written: put them through <see cref="VisibleText"/> before a terminal or a page shows them. The fields are read when
/// the first is asked for.
/// </remarks>
public sealed class JournalEvent
{
    private readonly ReadOnlyMemory<byte> _utf8;
    private ParsedLine? _parsed;

    private JournalEvent(ReadOnlyMemory<byte> utf8, string logId, long sequence, bool isControl) =>
        (_utf8, LogId, Sequence, IsControl) = (utf8, logId, sequence, isControl);

    /// <summary>The line itself, without its newline.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>The log that the line is of.</summary>
    public string LogId { get; }

    /// <summary>Its place in that log, from 0.</summary>
    public long Sequence { get; }

    /// <summary>Did the journal write it about itself (opened, checkpoint, gap …)?</summary>
    public bool IsControl { get; }

    /// <summary>The field of this name as text; empty when the line has none. Of a name that stands twice, the first counts.</summary>
    /// <param name="field">A flat, dotted name: <c>user.name</c>.</param>
    public string this[string field] => Parsed.Fields.GetValueOrDefault(field, "");

    /// <summary>
    /// All fields in the line's order: a string as its characters, an array as its values with commas between, a number, a truth value or
    /// an object as its JSON.
    /// </summary>
    public IReadOnlyDictionary<string, string> Fields => Parsed.Fields;

    /// <summary>
    /// What of the line could not be read as it should be, in a sentence; null when all of it could. Only a writer other than ours makes
    /// such a line.
    /// </summary>
    public string? Fault => Parsed.Fault;

    /// <summary>When it happened; null when the line does not say so that it can be read. A time without an offset is UTC.</summary>
    public DateTimeOffset? Timestamp => Parsed.Timestamp;

    /// <summary>What happened: <c>authn_login_fail</c>.</summary>
    public string Action => this[JournalFields.Action.Name];

    /// <summary><c>success</c>, <c>failure</c>, <c>unknown</c>, or empty.</summary>
    public string Outcome => this[ReadFields.Outcome.Name];

    /// <summary>How grave it is, 0 to 100 as the Elastic Common Schema has it; null when the line does not say.</summary>
    public int? Severity => int.TryParse(this[ReadFields.Severity.Name], NumberStyles.None, CultureInfo.InvariantCulture, out var severity) ? severity : null;

    /// <summary>Is it an alert that a detection raised?</summary>
    public bool IsAlert => this[JournalFields.Kind.Name] == "alert";

    /// <summary>Who acted: a name, else an e-mail address, else an id; empty for nobody.</summary>
    public string User => FirstOf(ReadFields.User);

    /// <summary>Who was acted upon, likewise.</summary>
    public string Target => FirstOf(ReadFields.Target);

    /// <summary>The address that it came from.</summary>
    public string Source => this[ReadFields.SourceIp.Name];

    /// <summary>The event as a sentence; of a line that has none, what comes closest; of one that is not JSON, the whole of it.</summary>
    public string Message => FirstOf(ReadFields.Words) is { Length: > 0 } words ? words : Fault is null ? "" : Encoding.UTF8.GetString(_utf8.Span);

    /// <summary>The line as text that can do nothing to a terminal (<see cref="VisibleText"/>), and is the same JSON.</summary>
    public string Json => VisibleText.Of(Encoding.UTF8.GetString(_utf8.Span));

    private ParsedLine Parsed => _parsed ??= ParsedLine.Of(_utf8.Span);

    /// <summary>Copies the line, whose own bytes live only until the next read.</summary>
    /// <param name="line">A line as <see cref="JournalReader"/> gives it.</param>
    public static JournalEvent Of(JournalLine line) => new(line.Utf8.ToArray(), line.Id ?? "", line.Sequence, line.IsControl);

    /// <summary>Is this id, name or e-mail address, in whatever case, that of who acted or was acted upon?</summary>
    internal bool IsAbout(string user) =>
        ReadFields.User.Concat(ReadFields.Target).Any(field => Fields.TryGetValue(field.Name, out var value) && value.Equals(user, StringComparison.OrdinalIgnoreCase));

    private string FirstOf(IReadOnlyList<Field> fields) => fields.Select(field => this[field.Name]).FirstOrDefault(text => text.Length > 0, "");
}
