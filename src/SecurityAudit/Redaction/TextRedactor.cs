using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;

namespace SecurityAudit.Redaction;

/// <summary>Makes one string recordable: visible, bounded, without secrets of a known shape, and as the owner's last look wants it.</summary>
/// <remarks>Where that fails the string is left out, and the findings say so.</remarks>
internal sealed partial class TextRedactor(SensitiveNames sensitive, IOptions<SecurityAuditOptions> options, ILogger<TextRedactor> logger)
{
    private readonly int _maxLength = options.Value.MaxValueLength;
    private readonly Func<string, string, string?>? _last = options.Value.Redact;

    public string? Text(string name, string? text, RedactionFindings findings) => text is null ? null : Text(name, text, maySecret: true, findings);

    public string? Text(string name, ConstantText text, RedactionFindings findings) => Text(name, text.Value, maySecret: false, findings);

    /// <summary>A text whose parts are redacted already.</summary>
    public string? Sentence(string name, Func<string> make, RedactionFindings findings) =>
        Guarded(name, () => make() is var sentence && sentence.Length <= _maxLength ? Last(name, sentence) : Last(name, VisibleText.Cut(sentence, _maxLength)), findings);

    public ImmutableArray<string> Texts(string name, ImmutableArray<string> texts, RedactionFindings findings)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return [];
        }

        if (texts.Length > FieldValue.MaxValues)
        {
            findings.Truncated.Add(name);
        }

        var kept = ImmutableArray.CreateBuilder<string>(Math.Min(texts.Length, FieldValue.MaxValues));
        foreach (var text in texts.AsSpan(0, Math.Min(texts.Length, FieldValue.MaxValues)))
        {
            if (Text(name, text, findings) is { } redacted)
            {
                kept.Add(redacted);
            }
        }

        return kept.ToImmutable();
    }

    /// <summary>What the function makes; nothing where code of the application's own in it throws.</summary>
    public T? Guarded<T>(string name, Func<T?> redact, RedactionFindings findings)
        where T : class
    {
        try
        {
            return redact();
        }
        catch (Exception failure)
        {
            Failed(name, failure, findings);
            return null;
        }
    }

    private string? Text(string name, string text, bool maySecret, RedactionFindings findings)
    {
        try
        {
            // Cut before searching: the cost of a hostile value is bounded by the length that is kept.
            var visible = VisibleText.Of(text, _maxLength);
            return Last(name, maySecret ? SecretPatterns.Remove(visible, sensitive) : visible);
        }
        catch (Exception failure)
        {
            Failed(name, failure, findings);
            return null;
        }
    }

    private string? Last(string name, string visible) =>
        _last is null ? visible : _last(name, visible) is { } last ? VisibleText.Again(last, _maxLength * 2) : null;

    private void Failed(string name, Exception failure, RedactionFindings findings)
    {
        findings.Failed = true;
        Log.Failed(logger, failure, name);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Redaction failed: the field '{Field}' is left out of the security event.")]
        public static partial void Failed(ILogger logger, Exception failure, string field);
    }
}
