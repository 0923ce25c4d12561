namespace SecurityAudit;

/// <summary>
/// The section <c>SecurityAudit:Response:EndSessions</c>: the account that an alert names gets a new security stamp, where the application
/// has ASP.NET Core Identity.
/// </summary>
/// <remarks>
/// A cookie is refused when it is next held against the stamp (<c>SecurityStampValidatorOptions.ValidationInterval</c>, half an hour by
/// default), a bearer token of Identity's when it is refreshed. Rules that count attempts to sign in are refused at the start: whoever types a
/// name would sign its owner out.
/// </remarks>
public sealed class EndSessionsOptions
{
    /// <summary>True switches it on. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>The rules whose alerts do that, by their ids. Default: success_after_attack, session_reuse and impossible_travel.</summary>
    public IList<string> Rules { get; } = [];
}
