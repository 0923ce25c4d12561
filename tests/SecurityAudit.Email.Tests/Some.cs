using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;

namespace SecurityAudit.Email.Tests;

/// <summary>Things of which only one property matters to the test.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Moment = new(2026, 11, 26, 3, 0, 0, TimeSpan.Zero);

    public static AlertNotification Alert(string sentence = "Somebody at 203.0.113.7 is trying passwords.", AlertStage stage = AlertStage.Raised, string id = "a-1") => new()
    {
        Id = id,
        EventId = $"{id}-{stage}",
        RuleId = "password_spraying",
        RuleName = "Password spraying",
        Stage = stage,
        Severity = EventSeverity.High,
        RiskScore = 73,
        Sentence = sentence,
        Advice = "Block that address.",
        Group = "203.0.113.7",
        Subject = ImmutableSortedDictionary<string, string>.Empty.Add("source.ip", "203.0.113.7"),
        LogId = "abcdefgh",
        Sequence = 7,
        Timestamp = Moment,
    };

    public static AlertDelivery Delivery(AlertNotification? alert = null)
    {
        var given = alert ?? Alert();
        return new AlertDelivery { Id = given.EventId!, Alert = given };
    }

    public static AlertEmailOptions Options(int port = 25, AlertEmailSecurity security = AlertEmailSecurity.StartTls, string? authority = null)
    {
        var options = new AlertEmailOptions { Host = "localhost", Port = port, Security = security, AuthorityFile = authority, From = "Audit <audit@shop.example>" };
        options.To.Add("oncall@shop.example");
        return options;
    }

    public static EmailSink Sink(AlertEmailOptions options) => new(options, TimeProvider.System, NullLogger.Instance);
}
