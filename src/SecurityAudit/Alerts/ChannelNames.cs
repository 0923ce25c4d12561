namespace SecurityAudit.Alerts;

/// <summary>What a channel may be called: its name is part of files' names.</summary>
internal static class ChannelNames
{
    public const int Longest = 40;
    public const string Expected = "1 to 40 lower-case letters, digits and hyphens";

    public static bool IsOne(string? name) =>
        name is { Length: > 0 and <= Longest } && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    /// <exception cref="InvalidOperationException">A name that none may have, or two channels of one name.</exception>
    public static void Check(IReadOnlyCollection<IAlertSink> sinks)
    {
        if (sinks.FirstOrDefault(sink => !IsOne(sink.Name)) is { } unnamed)
        {
            throw new InvalidOperationException($"The alert channel {unnamed.GetType().Name} is called '{unnamed.Name}', expected {Expected}.");
        }

        if (sinks.CountBy(sink => sink.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1) is { Key: { } name, Value: var count })
        {
            throw new InvalidOperationException(
                $"{count} alert channels are called '{name}', expected a name each: what was delivered is remembered by it. "
                + "Name them (SecurityAudit:Alerts:Webhooks:0:Name, IAlertSink.Name).");
        }
    }
}
