using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Sentences;

namespace SecurityAudit.Redaction;

/// <summary>
/// Makes one string recordable: visible, bounded, without secrets of a known shape, and as the owner's last look wants it.
/// </summary>
/// <remarks>Where that fails the string is left out, and the draft says so.</remarks>
internal sealed partial class TextRedactor(SensitiveNames sensitive, IOptions<SecurityAuditOptions> options, ILogger<TextRedactor> logger)
{
    private readonly int _maxLength = options.Value.MaxValueLength;
    private readonly Func<string, string, string?>? _last = options.Value.Redact;

    public string? Text(string name, string? text, EventDraft draft) => text is null ? null : Text(name, text, maySecret: true, draft);

    public string? Text(string name, ConstantText text, EventDraft draft) => Text(name, text.Value, maySecret: false, draft);

    /// <summary>The sentence of an event whose fields are redacted already.</summary>
    public string? Sentence(string name, SecurityEvent finished, EventDraft draft)
    {
        try
        {
            var sentence = (finished.Sentence ?? Words.Own)(finished);
            return Last(name, sentence.Length <= _maxLength ? sentence : VisibleText.Cut(sentence, _maxLength));
        }
        catch (Exception failure)
        {
            Failed(name, failure, draft);
            return null;
        }
    }

    public ImmutableArray<string> Texts(string name, ImmutableArray<string> texts, EventDraft draft)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return [];
        }

        if (texts.Length > FieldValue.MaxValues)
        {
            draft.LeftOut.Insert(0, name);
        }

        // Most lists come out as they went in, and are then no new list.
        ImmutableArray<string>.Builder? kept = null;
        for (var at = 0; at < texts.Length && at < FieldValue.MaxValues; at++)
        {
            var redacted = Text(name, texts[at], draft);
            if (kept is null && (redacted is null || !ReferenceEquals(redacted, texts[at])))
            {
                kept = ImmutableArray.CreateBuilder<string>(Math.Min(texts.Length, FieldValue.MaxValues));
                kept.AddRange(texts, at);
            }

            if (redacted is not null)
            {
                kept?.Add(redacted);
            }
        }

        return kept?.ToImmutable() ?? (texts.Length > FieldValue.MaxValues ? texts[..FieldValue.MaxValues] : texts);
    }

    /// <summary>What the function makes; nothing where code of the application's own in it throws.</summary>
    public T? Guarded<T>(string name, Func<T?> redact, EventDraft draft)
        where T : class
    {
        try
        {
            return redact();
        }
        catch (Exception failure)
        {
            Failed(name, failure, draft);
            return null;
        }
    }

    private string? Text(string name, string text, bool maySecret, EventDraft draft)
    {
        try
        {
            // Cut before searching: the cost of a hostile value is bounded by the length that is kept.
            var visible = VisibleText.Of(text, _maxLength);
            return Last(name, maySecret ? SecretPatterns.Remove(visible, sensitive) : visible);
        }
        catch (Exception failure)
        {
            Failed(name, failure, draft);
            return null;
        }
    }

    private string? Last(string name, string visible) =>
        _last is null ? visible : _last(name, visible) is { } last ? VisibleText.Again(last, _maxLength * 2) : null;

    private void Failed(string name, Exception failure, EventDraft draft)
    {
        draft.RedactionFailed = true;
        Log.Failed(logger, failure, name);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Redaction failed: the field '{Field}' is left out of the security event.")]
        public static partial void Failed(ILogger logger, Exception failure, string field);
    }
}
