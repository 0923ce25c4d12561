using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>
/// What differs in one account. Identity marks every property as modified, so values are compared; secrets are never read out.
/// </summary>
/// <param name="entry">The account, before and after.</param>
/// <param name="target">Who that is.</param>
/// <param name="writing">Told of failures that are set back, and of a lock; says of a lock whether it comes from a sign-in that
/// failed.</param>
/// <param name="now">When it is saved: a lock that ends before is none.</param>
internal sealed class AccountChanges(EntityEntry entry, AuditUser target, Func<AuditUser, int, bool, bool> writing, DateTimeOffset now)
{
    public List<SecurityEvent> Read()
    {
        List<SecurityEvent> events = [];
        List<string> others = [];
        var stamped = false;
        foreach (var property in entry.Properties)
        {
            if (property.Metadata.GetValueComparer().Equals(property.OriginalValue, property.CurrentValue))
            {
                continue;
            }

            switch (property.Metadata.Name)
            {
                case "ConcurrencyStamp" or "NormalizedUserName" or "NormalizedEmail":
                    break;
                case "SecurityStamp":
                    stamped = true;
                    break;
                case "AccessFailedCount":
                    Counted(property);
                    break;
                case "PasswordHash":
                    events.Add(PasswordChanged(property));
                    break;
                case "Email":
                    events.Add(SecurityEvents.UserEmailChanged(target with { Email = Text(property.CurrentValue) }, Values(property.OriginalValue), Values(property.CurrentValue)));
                    break;
                case "LockoutEnd":
                    if (LockoutChanged(property) is { } lockout)
                    {
                        events.Add(lockout);
                    }

                    break;
                case "UserName" or "EmailConfirmed" or "PhoneNumber" or "PhoneNumberConfirmed" or "TwoFactorEnabled" or "LockoutEnabled":
                    events.Add(SecurityEvents.UserUpdated(target, Kind(property.Metadata.Name), Values(property.OriginalValue), Values(property.CurrentValue)));
                    break;
                default:
                    others.Add(property.Metadata.Name);
                    break;
            }
        }

        if (others.Count > 0)
        {
            // Properties of the application's own may hold anything; that they changed is recorded, what they hold is not.
            events.Add(SecurityEvents.UserUpdated(target, "profile", [], []).WithAttribute("properties", string.Join(", ", others)));
        }

        if (stamped && events.Count == 0)
        {
            events.Add(SecurityEvents.UserUpdated(target, "security_stamp", [], []));
        }

        return events;
    }

    private static string Kind(string property) => property switch
    {
        "UserName" => "user_name",
        "EmailConfirmed" => "email_confirmed",
        "PhoneNumber" => "phone_number",
        "PhoneNumberConfirmed" => "phone_number_confirmed",
        "TwoFactorEnabled" => "two_factor",
        _ => "lockout_enabled",
    };

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        DateTimeOffset moment => moment.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static ImmutableArray<string> Values(object? value) => Text(value) is { } text ? [text] : [];

    private void Counted(PropertyEntry property)
    {
        if (property is { OriginalValue: int before and > 0, CurrentValue: 0 })
        {
            writing(target, before, false);
        }
    }

    private SecurityEvent PasswordChanged(PropertyEntry property)
    {
        var kind = (property.OriginalValue, property.CurrentValue) switch
        {
            (null, _) => "password_added",
            (_, null) => "password_removed",
            _ => "password",
        };
        return SecurityEvents.AuthnPasswordChange(target).With(EventFields.ChangeKind, kind);
    }

    private SecurityEvent? LockoutChanged(PropertyEntry property)
    {
        var (before, after) = (property.OriginalValue as DateTimeOffset?, property.CurrentValue as DateTimeOffset?);
        if (after > now)
        {
            return Limits(SecurityEvents.AuthnLoginLock(target, writing(target, 0, true) ? "maxretries" : "other"), before, after);
        }

        return before > now ? Limits(SecurityEvents.AuthnUnlock(target), before, after) : null;
    }

    private static SecurityEvent Limits(SecurityEvent made, DateTimeOffset? before, DateTimeOffset? after) => made
        .With(EventFields.ChangeKind, "lockout_end")
        .With(EventFields.ChangeBefore, Values(before))
        .With(EventFields.ChangeAfter, Values(after));
}
