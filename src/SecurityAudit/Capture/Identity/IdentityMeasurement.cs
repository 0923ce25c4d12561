using System.Diagnostics;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Capture.Identity;

/// <summary>The tags of one measurement of Identity's meter.</summary>
internal readonly struct IdentityMeasurement
{
    /// <param name="seconds">Of a duration, how long it was.</param>
    /// <param name="tags">Its tags.</param>
    public IdentityMeasurement(double seconds, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        At = Stopwatch.GetTimestamp();
        Started = At - (long)(seconds * Stopwatch.Frequency);
        foreach (var (key, value) in tags)
        {
            switch (key)
            {
                case "aspnetcore.identity.sign_in.type":
                    Type = value as string;
                    break;
                case "aspnetcore.identity.sign_in.result":
                case "aspnetcore.identity.result":
                case "aspnetcore.identity.password_check_result":
                case "aspnetcore.identity.token_verified":
                    Result = value as string;
                    break;
                case "aspnetcore.identity.user.update_type":
                case "aspnetcore.identity.token_purpose":
                    Purpose = value as string;
                    break;
                case "aspnetcore.identity.user_type":
                    UserType = value as string;
                    break;
                case "aspnetcore.identity.error_code":
                    Code = value as string;
                    break;
                case "aspnetcore.authentication.scheme":
                    Scheme = value as string;
                    break;
                case var tag when tag == EventFields.ErrorType.Name: // OpenTelemetry and ECS give it one name
                    Error = value as string;
                    break;
            }
        }
    }

    /// <summary>This moment.</summary>
    public long At { get; }

    /// <summary>When what was measured began, of a duration.</summary>
    public long Started { get; }

    /// <summary>The kind of sign-in: password, two_factor_authenticator …</summary>
    public string? Type { get; }

    /// <summary>success, failure, locked_out …; null when an exception ended the operation.</summary>
    public string? Result { get; }

    /// <summary>The kind of update, or what a token is for.</summary>
    public string? Purpose { get; }

    /// <summary>The full name of the user type.</summary>
    public string? UserType { get; }

    /// <summary>The first error code of the <c>IdentityResult</c>.</summary>
    public string? Code { get; }

    public string? Scheme { get; }

    public string? Error { get; }

    public bool Succeeded => string.Equals(Result, "success", StringComparison.Ordinal);

    /// <summary>The type of the exception that ended the operation.</summary>
    public string? Exception => Result is null ? Error : null;

    /// <summary>The operation was refused because it could not have been recorded.</summary>
    public bool IsRefusal => string.Equals(Exception, typeof(JournalUnavailableException).FullName, StringComparison.Ordinal);
}
