using System.Collections.Immutable;
using SecurityAudit.Fields;

namespace SecurityAudit.Tests.Alerts;

/// <summary>An alert as a rule records it.</summary>
internal static class SomeAlert
{
    public static SecurityEvent Event(
        string sentence = "Somebody at 203.0.113.7 is trying passwords.", EventSeverity severity = EventSeverity.High, string rule = "password_spraying") =>
        new SecurityEvent("alert_" + rule, ["intrusion_detection", "authentication"], ["info"])
        {
            Kind = "alert",
            Outcome = EventOutcome.Unknown,
            Severity = severity,
            Message = sentence,
        }
        .With(AlertFields.RiskScore, (double)severity)
        .With(AlertFields.Start, DateTimeOffset.UnixEpoch.AddDays(20_000))
        .With(AlertFields.End, DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(5))
        .With(EventFields.RuleId, rule)
        .With(EventFields.RuleName, "Password spraying")
        .With(EventFields.SourceIp.Name, System.Net.IPAddress.Parse("203.0.113.7"))
        .With(AlertFields.SubTechniqueId, ImmutableArray.Create("T1110.003"))
        .With(AlertFields.SubTechniqueName, ImmutableArray.Create("Password Spraying"))
        .With(AlertFields.Stage, "raised")
        .With(AlertFields.Group, "203.0.113.7")
        .With(AlertFields.Attempts, 24)
        .With(AlertFields.Distinct, 9)
        .With(AlertFields.Events, ImmutableArray.Create("e-1", "e-2"));

    public static AlertNotification Notification(string sentence = "Somebody at 203.0.113.7 is trying passwords.", string id = "a-1") => new()
    {
        Id = id,
        EventId = "event-of-" + id,
        RuleId = "password_spraying",
        RuleName = "Password spraying",
        Severity = EventSeverity.High,
        RiskScore = 73,
        Sentence = sentence,
        Advice = "Block that address.",
        Query = "source.ip : \"203.0.113.7\"",
        Command = "security-audit show audit --source 203.0.113.7",
        LogId = "abcdefgh",
        Sequence = 7,
        Timestamp = DateTimeOffset.UnixEpoch.AddDays(20_000),
    };

    public static AlertDelivery Delivery(AlertNotification? alert = null)
    {
        var given = alert ?? Notification();
        return new AlertDelivery { Id = given.EventId!, Alert = given };
    }
}
