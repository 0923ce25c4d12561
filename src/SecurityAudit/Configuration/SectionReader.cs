using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace SecurityAudit.Configuration;

/// <summary>Reads the keys of one configuration section, and notes what it cannot read: what was found, what was expected, where.</summary>
internal sealed class SectionReader(IConfigurationSection section, List<string> faults)
{
    private readonly List<string> _known = [];

    /// <summary>A number, a time, true or false. An empty value counts as none.</summary>
    public void Value<T>(string key, Action<T> set)
        where T : IParsable<T>
    {
        if (Find(key) is not { Length: > 0 } text)
        {
            return;
        }

        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value))
        {
            set(value);
        }
        else
        {
            Fault(key, text, typeof(T) == typeof(TimeSpan) ? "a time like 00:00:05" : typeof(T) == typeof(bool) ? "true or false" : "a number");
        }
    }

    public void Enumeration<T>(string key, Action<T> set)
        where T : struct, Enum
    {
        if (Find(key) is not { Length: > 0 } text)
        {
            return;
        }

        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value))
        {
            set(value);
        }
        else
        {
            Fault(key, text, string.Join(" or ", Enum.GetNames<T>()));
        }
    }

    public void Text(string key, Action<string> set)
    {
        if (Find(key) is { } text)
        {
            set(text);
        }
    }

    public void Texts(string key, IList<string> values)
    {
        _known.Add(key);
        foreach (var value in section.GetSection(key).GetChildren().Select(child => child.Value).OfType<string>())
        {
            values.Add(value);
        }
    }

    /// <summary>
    /// Texts by their names, in which a colon may stand: configuration takes that for a level, so the levels are put together again.
    /// A name without a text gets an empty one.
    /// </summary>
    public void NamedTexts(string key, IDictionary<string, string> values, string expected)
    {
        if (Find(key) is { Length: > 0 } text)
        {
            Fault(key, text, expected);
        }

        var parent = section.GetSection(key);
        foreach (var (name, value) in parent.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null || !parent.GetSection(name).GetChildren().Any())
            {
                values[name] = value ?? "";
            }
        }
    }

    /// <summary>What each child of a section holds, as JSON.</summary>
    public void Nodes(string key, IDictionary<string, JsonNode> values)
    {
        _known.Add(key);
        foreach (var child in section.GetSection(key).GetChildren())
        {
            values[child.Key] = Json(child);
        }
    }

    /// <summary>The elements of a list of sections.</summary>
    public IEnumerable<SectionReader> Sections(string key)
    {
        _known.Add(key);
        return section.GetSection(key).GetChildren().Select(child => new SectionReader(child, faults));
    }

    public SectionReader Section(string key)
    {
        _known.Add(key);
        return new SectionReader(section.GetSection(key), faults);
    }

    /// <summary>All keys have been read: what is left is none.</summary>
    public void End() => faults.AddRange(section.GetChildren()
        .Where(child => !_known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        .Select(child => $"{child.Path} is not an option, expected one of {string.Join(", ", _known)}."));

    private string? Find(string key)
    {
        _known.Add(key);
        return section[key];
    }

    private void Fault(string key, string text, string expected) => faults.Add($"{section.Path}:{key} is '{text}', expected {expected}.");

    /// <summary>A section as JSON: numbered children are a list, others an object; what has none is a text.</summary>
    private static JsonNode Json(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? JsonValue.Create(section.Value ?? "")
            : children.TrueForAll(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? new JsonArray([.. children.Select(Json)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, (JsonNode?)Json(child))));
    }
}
