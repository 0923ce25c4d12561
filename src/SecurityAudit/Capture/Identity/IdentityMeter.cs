using System.Diagnostics.Metrics;
using SecurityAudit.Journal;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>Listens to the meter of ASP.NET Core Identity of this host alone: its measurements come synchronously, within the request.</summary>
/// <remarks>Instrument and tag names: ASP.NET Core 10.0.12, as measured. Meters of other hosts in the process belong to another factory.</remarks>
internal sealed class IdentityMeter : IDisposable
{
    private const string Prefix = "aspnetcore.identity.";

    private readonly MeterListener _listener = new();
    private readonly IdentityRequests _requests;
    private readonly SignInWitness _signIns;
    private readonly AccountWitness _accounts;
    private readonly IdentityRecorder _recorder;
    private readonly JournalGate _gate;

    public IdentityMeter(
        IMeterFactory factory, IdentityRequests requests, SignInWitness signIns, AccountWitness accounts, IdentityRecorder recorder, JournalGate gate)
    {
        (_requests, _signIns, _accounts, _recorder, _gate) = (requests, signIns, accounts, recorder, gate);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (string.Equals(instrument.Meter.Name, "Microsoft.AspNetCore.Identity", StringComparison.Ordinal)
                && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Measured(instrument, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Measured(instrument, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Measured(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            Dispatch(instrument.Name, new IdentityMeasurement(tags));
        }
        catch (Exception exception) when (exception is not JournalUnavailableException)
        {
            _recorder.Failed(instrument.Name, exception);
        }
    }

    private void Dispatch(string instrument, in IdentityMeasurement measured)
    {
        if (measured.IsRefusal)
        {
            return; // it did not happen
        }

        if (IsAttempt(instrument))
        {
            // Where no secret was looked at (nobody has that name, the account is locked) the result must not be told either: it would tell
            // these from the others.
            _gate.Demand();
        }

        var context = _requests.Context;
        var evidence = _requests.Of(context);
        switch (instrument)
        {
            case Prefix + "sign_in.authenticate.duration":
                _signIns.Authenticated(context, evidence, measured);
                break;
            case Prefix + "sign_in.check_password_attempts":
                SignInWitness.SignInChecked(evidence, measured);
                break;
            case Prefix + "sign_in.sign_ins" when measured.Exception is null:
                SignInWitness.SignedIn(context, evidence, measured);
                break;
            case Prefix + "user.check_password_attempts":
                SignInWitness.PasswordChecked(evidence, measured);
                break;
            case Prefix + "user.verify_token_attempts":
                AccountWitness.TokenVerified(evidence, measured);
                break;
            case Prefix + "user.create.duration":
                _accounts.Created(evidence, measured);
                break;
            case Prefix + "user.update.duration":
                _accounts.Updated(evidence, measured);
                break;
            case Prefix + "user.delete.duration":
                _accounts.Deleted(evidence, measured);
                break;
            case Prefix + "user.generated_tokens" when evidence is not null:
                evidence.AccountWork = true;
                break;
        }
    }

    private static bool IsAttempt(string instrument) => instrument is
        Prefix + "sign_in.authenticate.duration" or Prefix + "sign_in.check_password_attempts"
        or Prefix + "user.check_password_attempts" or Prefix + "user.verify_token_attempts";
}
