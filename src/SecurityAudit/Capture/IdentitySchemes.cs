namespace SecurityAudit.Capture;

/// <summary>The schemes of ASP.NET Core Identity, by the names in <c>IdentityConstants</c>.</summary>
internal static class IdentitySchemes
{
    public const string Bearer = "Identity.Bearer";

    /// <summary>Cookies that carry a step of a sign-in, not a session: one logout shows three sign-outs because of them.</summary>
    public static bool IsBookkeeping(string? scheme) =>
        scheme is "Identity.External" or "Identity.TwoFactorUserId" or "Identity.TwoFactorRememberMe";
}
