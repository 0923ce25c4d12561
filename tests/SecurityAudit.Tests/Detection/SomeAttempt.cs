using SecurityAudit.Detection;

namespace SecurityAudit.Tests.Detection;

/// <summary>Failed sign-ins as they look after they were recorded.</summary>
internal static class SomeAttempt
{
    private static int s_number;

    public static SecurityEvent On(string user, string source = "203.0.113.7", DateTimeOffset at = default) =>
        (SecurityEvents.AuthnLoginFail(new AuditUser(user, user), "wrong password") with
        {
            Id = $"event-{Interlocked.Increment(ref s_number)}",
            Timestamp = at == default ? Noon : at,
        }).With("source.ip", source);

    public static SecurityEvent OnNobody(string nameHash, string source = "203.0.113.7") =>
        (On("x", source) with { User = new AuditUser(null, null) { Exists = false } }).With("user.hash", nameHash);

    public static DateTimeOffset Noon { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Everything that a detector has to say about these events.</summary>
    public static List<Alert> ObserveAll(this IDetector detector, IEnumerable<SecurityEvent> events) => [.. events.SelectMany(detector.Observe)];

    /// <summary>So many attempts, going round the accounts.</summary>
    public static IEnumerable<SecurityEvent> Spray(int accounts, int attempts, string source = "203.0.113.7", DateTimeOffset at = default) =>
        Enumerable.Range(0, attempts).Select(n => On($"user-{n % accounts}", source, at));
}
