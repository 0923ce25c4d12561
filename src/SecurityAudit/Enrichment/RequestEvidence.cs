using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecurityAudit.Enrichment;

/// <summary>
/// What the hooks saw of one request until it is clear what it means: one small class a hook, made only when there is something to note.
/// Safe for any thread.
/// </summary>
/// <remarks>
/// One feature of the request holds all of them: the server's own collection is looked through by one feature after another, and the dozen
/// questions that are asked at the end of each request would cost more than all else that is done for it.
/// </remarks>
internal sealed class RequestEvidence
{
    private Evidence? _first;

    /// <summary>The evidence of the request, made if it has none.</summary>
    public static RequestEvidence In(HttpContext request)
    {
        if (Existing(request.Features) is not { } evidence)
        {
            request.Features[typeof(RequestEvidence)] = evidence = new RequestEvidence();
        }

        return evidence;
    }

    /// <summary>The evidence of the request; null where nothing was noted.</summary>
    public static RequestEvidence? Existing(IFeatureCollection request) => request[typeof(RequestEvidence)] as RequestEvidence;

    /// <inheritdoc cref="Of{T}()"/>
    public static T Of<T>(HttpContext request)
        where T : Evidence, new() => In(request).Of<T>();

    /// <inheritdoc cref="IsFirst{T}()"/>
    public static bool IsFirst<T>(HttpContext request)
        where T : Evidence, new() => In(request).IsFirst<T>();

    /// <inheritdoc cref="Existing{T}()"/>
    public static T? Existing<T>(HttpContext request)
        where T : Evidence => Existing<T>(request.Features);

    /// <inheritdoc cref="Existing{T}()"/>
    public static T? Existing<T>(IFeatureCollection request)
        where T : Evidence => Existing(request)?.Existing<T>();

    /// <summary>The evidence of that kind, made if it is not there.</summary>
    public T Of<T>()
        where T : Evidence, new() => Of(static () => new T(), out _);

    /// <inheritdoc cref="Of{T}()"/>
    /// <param name="make">Makes it; what it makes is not used where another thread was quicker.</param>
    /// <param name="isFirst">It was not there.</param>
    public T Of<T>(Func<T> make, out bool isFirst)
        where T : Evidence
    {
        isFirst = false;
        T? made = null;
        for (var first = Volatile.Read(ref _first); ;)
        {
            if (Find<T>(first) is { } known)
            {
                return known;
            }

            made ??= make();
            made.Next = first;
            var before = Interlocked.CompareExchange(ref _first, made, first);
            if (ReferenceEquals(before, first))
            {
                isFirst = true;
                return made;
            }

            first = before;
        }
    }

    /// <summary>True once a request, when it is asked for that kind first.</summary>
    public bool IsFirst<T>()
        where T : Evidence, new()
    {
        Of(static () => new T(), out var isFirst);
        return isFirst;
    }

    /// <summary>The evidence of that kind if there is any.</summary>
    public T? Existing<T>()
        where T : Evidence => Find<T>(Volatile.Read(ref _first));

    private static T? Find<T>(Evidence? first)
        where T : Evidence
    {
        for (var evidence = first; evidence is not null; evidence = evidence.Next)
        {
            if (evidence.GetType() == typeof(T))
            {
                return (T)evidence;
            }
        }

        return null;
    }
}

/// <summary>What one hook saw of one request.</summary>
internal abstract class Evidence
{
    /// <summary>What was noted before.</summary>
    public Evidence? Next { get; set; }
}
