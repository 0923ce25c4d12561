using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>What of an exception's message may be recorded, as the owner chose.</summary>
/// <remarks>
/// Whoever sends a request chooses messages. A message like the last ones of the same place in the program costs a few comparisons; another
/// one is worked out, 100 at once and 20 a second from then on at most, and has no text where that is used up. 1,024 places are remembered.
/// </remarks>
internal sealed class ErrorText(IOptions<SecurityAuditOptions> options, TimeProvider time)
{
    private const int MaxLength = 1024;
    private const int MaxPlaces = 1024;

    private readonly ExceptionMessages _choice = options.Value.ExceptionMessages;
    private readonly Allowance _allowance = new(time, atOnce: 100, perSecond: 20);
    private readonly ConcurrentDictionary<(string Type, string Stack, string Language), Place> _places = new();

    /// <summary>
    /// A string or a <see cref="ConstantText"/>; null where nothing may be said. Throws what the exception's own code throws.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <param name="stackHash">Its <see cref="StackHash"/>.</param>
    /// <param name="culture">The language in which its message may be.</param>
    public object? MessageOf(Exception exception, string stackHash, CultureInfo culture)
    {
        var message = exception.Message;
        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        return _choice switch
        {
            ExceptionMessages.Whole => message,
            ExceptionMessages.Masked => MaskedMessage.Of(message),
            _ => Constant(exception, message.Length <= MaxLength ? message : message[..MaxLength] + "…", stackHash, culture),
        };
    }

    private ConstantText? Constant(Exception exception, string message, string stackHash, CultureInfo culture)
    {
        var key = (exception.GetType().FullName ?? exception.GetType().Name, stackHash, culture.Name);
        if (_places.TryGetValue(key, out var place) && place.Find(message) is { } known)
        {
            return new ConstantText(known.Text);
        }

        if (place is { Books.Length: 0 } || !_allowance.TryTake())
        {
            return null;
        }

        if (place is null)
        {
            place = new Place(PhraseLibrary.Shared.Of(exception, culture));
            if (_places.Count >= MaxPlaces)
            {
                _places.Clear();
            }

            _places.TryAdd(key, place);
        }

        return place.Books.Length == 0 ? null : new ConstantText(place.Add(MessageShape.Of(message, place.Books)).Text);
    }

    /// <summary>A place in the program that throws: where its text may come from, and the shapes that its last messages had.</summary>
    private sealed class Place(PhraseBook[] books)
    {
        private const int MaxShapes = 4;

        private MessageShape[] _shapes = [];

        public PhraseBook[] Books { get; } = books;

        public MessageShape? Find(string message) => Array.Find(Volatile.Read(ref _shapes), shape => shape.Fits(message));

        public MessageShape Add(MessageShape shape)
        {
            Volatile.Write(ref _shapes, [shape, .. Volatile.Read(ref _shapes).Take(MaxShapes - 1)]);
            return shape;
        }
    }
}
