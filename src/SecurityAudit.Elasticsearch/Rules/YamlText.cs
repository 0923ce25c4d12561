using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>YAML as people write it. What could be taken for something else is quoted as in JSON, which YAML reads.</summary>
internal sealed class YamlText
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public YamlText Open(string name)
    {
        Line($"{Text(name)}:");
        _depth++;
        return this;
    }

    public YamlText Close()
    {
        _depth--;
        return this;
    }

    public YamlText Scalar(string name, string value) => Raw(name, Text(value));

    public YamlText Number(string name, long value) => Raw(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A truth value or a number.</summary>
    public YamlText Raw(string name, string value)
    {
        Line($"{Text(name)}: {value}");
        return this;
    }

    public YamlText List(string name, IEnumerable<string> values)
    {
        Line($"{Text(name)}:");
        foreach (var value in values)
        {
            Line($"  - {Text(value)}");
        }

        return this;
    }

    public override string ToString() => _text.ToString();

    private static string Text(string value) => IsPlain(value) ? value : $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Begins with a letter and is no word that YAML reads as a truth value.</summary>
    private static bool IsPlain(string value) =>
        value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '|')
        && value.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");

    private void Line(string text) => _text.Append(' ', 2 * _depth).Append(text).Append('\n');
}
