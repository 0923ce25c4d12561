namespace Quickstart.Tour;

/// <summary>One part of the visit: what happens, and what must then be on record.</summary>
/// <param name="Title">What happens, in a sentence.</param>
/// <param name="Play">Does it.</param>
/// <param name="Expected">The <c>event.action</c> of the records that must follow, each as often as it stands here.</param>
internal sealed record Scene(string Title, Func<Task> Play, params string[] Expected);
