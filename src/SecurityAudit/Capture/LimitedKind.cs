namespace SecurityAudit.Capture;

/// <summary>A kind of event that whoever sends requests can cause as often as he likes.</summary>
/// <param name="Name">Tells the kinds apart.</param>
/// <param name="Most">So many are recorded one by one within the window; of the rest, how many they were.</param>
/// <param name="Window">How long it counts.</param>
internal sealed record LimitedKind(string Name, int Most, TimeSpan Window);
