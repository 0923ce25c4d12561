using System.Diagnostics.Metrics;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>Turns the measurements of ASP.NET Core Identity's meter into sightings of the request in which they are made.</summary>
/// <remarks>Instrument and tag names: ASP.NET Core 10.0.12, as measured.</remarks>
internal sealed class IdentityMeter(IdentityRequests requests, CoveredAccounts covered, JournalGate gate, TimeProvider time)
    : IMeterObserver
{
    private const string Prefix = "aspnetcore.identity.";

    public bool Observes(Instrument instrument) =>
        string.Equals(instrument.Meter.Name, "Microsoft.AspNetCore.Identity", StringComparison.Ordinal);

    public void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var measured = new IdentityMeasurement(value, tags);
        if (measured.IsRefusal)
        {
            return; // it did not happen
        }

        if (IsAttempt(instrument.Name) || (instrument.Name is Prefix + "user.generated_tokens" && IsReset(measured)))
        {
            // Where no secret was looked at (nobody has that name, the account is locked) the result must not be told either: it would tell
            // these from the others. A token to reset a password is made already, and not yet given to anybody.
            gate.Demand();
        }

        var context = requests.Context;
        if (Seen(instrument.Name, context, measured) is { } seen)
        {
            requests.Saw(context, seen);
        }
    }

    private Sighting? Seen(string instrument, HttpContext? context, in IdentityMeasurement measured) => instrument switch
    {
        Prefix + "sign_in.authenticate.duration" => new SignInMeasured(
            measured.At, measured.Started, time.GetUtcNow(), measured.Type, measured.Result, measured.Exception, measured.Scheme,
            AuditUser.From(context?.User), IsSecondFactor(measured.Type) ? Remembered(context) : null),
        Prefix + "sign_in.check_password_attempts" => new SignInChecked(measured.At, measured.Result),
        Prefix + "sign_in.sign_ins" when measured.Exception is null =>
            new SessionBegun(measured.At, AuditUser.From(context?.User), measured.Scheme),
        Prefix + "user.check_password_attempts" => new PasswordChecked(measured.At, measured.Result),
        Prefix + "user.verify_token_attempts" when IsSecondFactor(measured.Purpose) => new SecondFactorChecked(
            measured.At, measured.Succeeded, Remembered(context)),
        // UserManager measures each change that it refuses but this one.
        Prefix + "user.verify_token_attempts" when measured is { Purpose: "change_email", Result: "failure" } =>
            new AccountMeasured(
                measured.At, measured.At, AccountOperation.Update, measured.Purpose, measured.Result, "InvalidToken", IsCovered: covered.Contains(measured.UserType))
            {
                Loaded = covered.Contains(measured.UserType) ? [.. covered.Loaded(context?.RequestServices)] : [],
            },
        Prefix + "user.verify_token_attempts" =>
            new TokenSeen(measured.At, AllowsReset: measured is { Purpose: "reset_password", Succeeded: true }),
        Prefix + "user.generated_tokens" when measured.Exception is null && (IsReset(measured) || IsConfirmation(measured)) => new TokenSeen(
            measured.At, IsAsked: IsReset(measured), Confirms: IsConfirmation(measured))
        {
            Loaded = covered.Contains(measured.UserType) ? [.. covered.Loaded(context?.RequestServices)] : [],
        },
        Prefix + "user.generated_tokens" => new TokenSeen(measured.At),
        Prefix + "user.create.duration" => Account(context, AccountOperation.Create, measured),
        Prefix + "user.update.duration" => Account(context, AccountOperation.Update, measured),
        Prefix + "user.delete.duration" => Account(context, AccountOperation.Delete, measured),
        _ => null,
    };

    private AccountMeasured Account(HttpContext? context, AccountOperation operation, in IdentityMeasurement measured)
    {
        var account = new AccountMeasured(
            measured.At, measured.Started, operation, measured.Purpose, measured.Result, measured.Code, measured.Exception,
            covered.Contains(measured.UserType));
        return account is { IsCovered: true, Succeeded: false, Operation: not AccountOperation.Create }
            ? account with { Loaded = [.. covered.Loaded(context?.RequestServices)] }
            : account;
    }

    private static bool IsAttempt(string instrument) => instrument is
        Prefix + "sign_in.authenticate.duration" or Prefix + "sign_in.check_password_attempts"
        or Prefix + "user.check_password_attempts" or Prefix + "user.verify_token_attempts";

    private static bool IsReset(in IdentityMeasurement measured) => measured.Purpose is "reset_password";

    private static bool IsConfirmation(in IdentityMeasurement measured) => measured.Purpose is "email_confirmation";

    private static bool IsSecondFactor(string? kind) => kind?.StartsWith("two_factor", StringComparison.Ordinal) == true;

    // The cookie between the two steps names the account. Identity has read it in this request, so the handler has its answer ready.
    private static AuditUser? Remembered(HttpContext? context)
    {
        var handler = context?.RequestServices.GetService<IAuthenticationHandlerProvider>()?
            .GetHandlerAsync(context, IdentityConstants.TwoFactorUserIdScheme);
        if (handler is not { IsCompletedSuccessfully: true, Result: { } ready }
            || ready.AuthenticateAsync() is not { IsCompletedSuccessfully: true, Result.Principal: { } principal })
        {
            return null;
        }

        return principal.FindFirstValue(ClaimTypes.Name) is { } id ? new AuditUser(id, null) : null;
    }
}
