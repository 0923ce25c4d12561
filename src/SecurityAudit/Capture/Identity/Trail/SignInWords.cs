using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>Sign-ins in the words of the catalogue.</summary>
internal static class SignInWords
{
    public const string WrongPassword = "wrong password";
    public const string UnknownUser = "unknown user";
    public const string NoPassword = "no password set";
    public const string WrongOrNone = "wrong password, or none set";
    public const string WrongCode = "wrong code";
    public const string LookedUp = "an account was looked up, and the answer was 401";
    public const string RightPassword = "refused although the password was right";
    public const string Refused = "refused";

    private const string LockedOut = "locked out";

    /// <summary>An account that exists and that nobody can name.</summary>
    public static AuditUser Unnamed { get; } = new(null, null);

    public static bool IsSecondFactor(SignInMeasured measured) => measured.Type?.StartsWith("two_factor", StringComparison.Ordinal) == true;

    /// <summary>Why <c>SignInManager</c> refused, where it says so.</summary>
    public static string? Reason(string? result, string? exception = null) => result switch
    {
        "locked_out" => LockedOut,
        "not_allowed" => "not allowed to sign in",
        null => exception is null ? "unknown" : $"ended by {exception}",
        _ => null,
    };

    public static SecurityEvent Success(AuditUser user, int failures) =>
        failures > 0 ? SecurityEvents.AuthnLoginSuccessAfterFail(user, failures) : SecurityEvents.AuthnLoginSuccess(user);

    /// <summary>Says by what kind of sign-in, and when: it may have waited for others to be told from it.</summary>
    public static SecurityEvent By(this SecurityEvent made, SignInMeasured measured) => (made with { Timestamp = measured.When })
        .With(EventFields.AuthnScheme, measured.Scheme)
        .With(EventFields.AuthnMethod, measured.Type)
        .With(EventFields.AuthnMfa, IsSecondFactor(measured));

    public static SecurityEvent ByPassword(this SecurityEvent made, string? scheme = null) =>
        made.With(EventFields.AuthnMethod, "password").With(EventFields.AuthnScheme, scheme);

    public static SecurityEvent Directly(AuditUser user, string? scheme) =>
        SecurityEvents.AuthnLoginSuccess(user).With(EventFields.AuthnScheme, scheme).With(EventFields.AuthnMethod, "direct");

    /// <summary>It was not seen; the answer, and what was seen besides, make it likely.</summary>
    public static SecurityEvent Inferred(this SecurityEvent made) => made.With(EventFields.AuthnEvidence, "inferred");

    /// <summary>Somebody who is signed in was asked for the password again.</summary>
    public static SecurityEvent Again(this SecurityEvent made) => made.With(EventFields.Reauthentication, true);
}
