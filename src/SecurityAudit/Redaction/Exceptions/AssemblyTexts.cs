using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Resources;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>
/// What stands in an assembly as constant text: its string literals (the <c>#US</c> heap of its metadata) and its resource strings.
/// </summary>
/// <remarks>
/// Reads each assembly once, up to a size, on the thread that asks first. What cannot be read is as if it held no text: less is shown.
/// </remarks>
internal static class AssemblyTexts
{
    /// <summary>More text than that is not read from one assembly: the framework's largest has a third of it.</summary>
    private const int MaxCharacters = 2 * 1024 * 1024;

    private const int MaxResourceBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Literals, and the resource strings of the neutral language; <see cref="PhraseBook.Unknown"/> where there is no metadata.
    /// </summary>
    public static PhraseBook Read(Assembly assembly)
    {
        var phrases = new HashSet<string>(StringComparer.Ordinal);
        var room = MaxCharacters;
        if (assembly.IsDynamic || !TryReadLiterals(assembly, phrases, ref room))
        {
            return PhraseBook.Unknown;
        }

        ReadResources(assembly, phrases, ref room);
        return new PhraseBook(phrases);
    }

    /// <summary>The resource strings in that language alone; null where there is no satellite for it.</summary>
    public static PhraseBook? Translation(Assembly assembly, CultureInfo culture)
    {
        try
        {
            var phrases = new HashSet<string>(StringComparer.Ordinal);
            var room = MaxCharacters;
            ReadResources(assembly.GetSatelliteAssembly(culture), phrases, ref room);
            return new PhraseBook(phrases);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or NotSupportedException or ArgumentException)
        {
            return null; // the common case: this assembly does not speak that language
        }
    }

    private static unsafe bool TryReadLiterals(Assembly assembly, HashSet<string> phrases, ref int room)
    {
        try
        {
            if (!assembly.TryGetRawMetadata(out var blob, out var length))
            {
                return false;
            }

            var metadata = new MetadataReader(blob, length);
            var first = metadata.GetHeapSize(HeapIndex.UserString) > 1 ? MetadataTokens.UserStringHandle(1) : default;
            for (var handle = first; !handle.IsNil && room > 0; handle = metadata.GetNextHandle(handle))
            {
                Add(phrases, metadata.GetUserString(handle), ref room);
            }

            return true;
        }
        catch (Exception e) when (e is BadImageFormatException or NotSupportedException or InvalidOperationException)
        {
            return false;
        }
        finally
        {
            GC.KeepAlive(assembly); // the metadata of a collectible assembly goes with it
        }
    }

    private static void ReadResources(Assembly assembly, HashSet<string> phrases, ref int room)
    {
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.EndsWith(".resources", StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(name);
                if (stream is { Length: <= MaxResourceBytes })
                {
                    ReadStrings(stream, phrases, ref room);
                }
            }
        }
    }

    private static void ReadStrings(Stream stream, HashSet<string> phrases, ref int room)
    {
        try
        {
            using var resources = new ResourceReader(stream);
            for (var entry = resources.GetEnumerator(); room > 0 && entry.MoveNext();)
            {
                Add(phrases, TextOf(entry), ref room);
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            // Resources of another form than the framework's: their strings are not known as constants, and are masked.
        }
    }

    // GetResourceData would tell the type first, and sorts all entries again for each of them: seconds for the framework's own.
    private static string TextOf(IDictionaryEnumerator entry)
    {
        try
        {
            return entry.Value as string ?? "";
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return ""; // an object, which nothing deserializes any more: no text
        }
    }

    private static bool IsUnreadable(Exception e) =>
        e is BadImageFormatException or ArgumentException or FormatException or IOException or NotSupportedException or InvalidOperationException or TypeLoadException;

    private static void Add(HashSet<string> phrases, string literal, ref int room)
    {
        foreach (var phrase in literal.Length < 4 ? [] : Phrase.Of(literal))
        {
            room -= phrases.Add(phrase) ? phrase.Length : 0;
        }
    }
}
