using System.Collections.Immutable;

namespace SecurityAudit.Detection.Engine;

/// <summary>Whom and what an alert speaks of, as the event says that raised it.</summary>
/// <param name="Fields">The event's fields that the alert has, too.</param>
/// <param name="Group">What the events have in common, for people.</param>
/// <param name="Source">Where it came from, for people.</param>
/// <param name="User">Who acted, or was tried, for people.</param>
/// <param name="Target">Who was acted upon, for people.</param>
/// <param name="Message">The event's own sentence.</param>
internal sealed record AlertSubject(ImmutableArray<KeyValuePair<string, string>> Fields, string Group, string Source, string User, string Target, string Message);
