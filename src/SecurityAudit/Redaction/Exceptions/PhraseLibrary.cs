using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>
/// The books of the assemblies that may have thrown an exception, each read once. Safe for any thread; bounded in number and size.
/// </summary>
internal sealed class PhraseLibrary
{
    private const int MaxFrames = 64;
    private const int MaxNearest = 6;
    private const int MaxExceptions = 8;
    private const int MaxLanguages = 8;

    /// <summary>In characters, of all books together: 32 MiB.</summary>
    private const long MaxCharacters = 16 * 1024 * 1024;

    private readonly ConditionalWeakTable<Assembly, Lazy<Shelf>> _shelves = [];
    private long _characters;

    private PhraseLibrary()
    {
    }

    /// <summary>One for the process, however many hosts are in it: what an assembly says is the same for all.</summary>
    public static PhraseLibrary Shared { get; } = new();

    /// <summary>The books, in that language and its parents, too; empty when nothing is known of any of the assemblies.</summary>
    public PhraseBook[] Of(Exception exception, CultureInfo culture)
    {
        var books = new List<PhraseBook>();
        foreach (var assembly in Throwers(exception))
        {
            var shelf = _shelves.GetValue(assembly, key => new Lazy<Shelf>(() => new Shelf(key, Kept(AssemblyTexts.Read(key))))).Value;
            if (shelf.Book == PhraseBook.Unknown)
            {
                continue;
            }

            books.Add(shelf.Book);
            for (var language = culture; !language.Equals(CultureInfo.InvariantCulture); language = language.Parent)
            {
                if (Translated(shelf, language) is { } book)
                {
                    books.Add(book);
                }
            }
        }

        return [.. books];
    }

    private PhraseBook? Translated(Shelf shelf, CultureInfo language)
    {
        if (!shelf.Languages.TryGetValue(language.Name, out var book) && shelf.Languages.Count < MaxLanguages && shelf.Assembly.TryGetTarget(out var assembly))
        {
            book = AssemblyTexts.Translation(assembly, language) is { } read ? Kept(read) : null;
            shelf.Languages.TryAdd(language.Name, book);
        }

        return book;
    }

    private PhraseBook Kept(PhraseBook book) =>
        Interlocked.Add(ref _characters, book.Characters) <= MaxCharacters || book.Characters == 0 ? book : PhraseBook.Unknown;

    /// <summary>The assemblies of the exception and of those inside it, and of the frames nearest to the throw.</summary>
    private static IEnumerable<Assembly> Throwers(Exception exception)
    {
        var all = Inside(exception).ToList();
        var names = all.SelectMany(thrown => FrameAssemblies(thrown).Distinct(StringComparer.Ordinal).Take(MaxNearest)).ToHashSet(StringComparer.Ordinal);
        return all.Select(thrown => thrown.GetType().Assembly)
            .Concat(AppDomain.CurrentDomain.GetAssemblies().Where(loaded => loaded.FullName is { } name && names.Contains(name)))
            .Distinct();
    }

    // A message often has that of the exception inside in it; an AggregateException's always has.
    private static IEnumerable<Exception> Inside(Exception exception)
    {
        var waiting = new Queue<Exception>([exception]);
        for (var count = 0; count < MaxExceptions && waiting.TryDequeue(out var next); count++)
        {
            yield return next;
            foreach (var inner in next is AggregateException { InnerExceptions: var several } ? several : next.InnerException is { } one ? [one] : Enumerable.Empty<Exception>())
            {
                waiting.Enqueue(inner);
            }
        }
    }

    private static IEnumerable<string> FrameAssemblies(Exception exception) =>
        new StackTrace(exception, fNeedFileInfo: false).GetFrames().Take(MaxFrames)
            .Select(frame => DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName)
            .OfType<string>();

    /// <summary>An assembly's own book and those of its translations, by language. Keeps no assembly from being unloaded.</summary>
    private sealed class Shelf(Assembly assembly, PhraseBook book)
    {
        public WeakReference<Assembly> Assembly { get; } = new(assembly);

        public PhraseBook Book { get; } = book;

        public ConcurrentDictionary<string, PhraseBook?> Languages { get; } = new(StringComparer.Ordinal);
    }
}
