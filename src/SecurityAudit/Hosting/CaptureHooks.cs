using SecurityAudit.Capture;
using SecurityAudit.Capture.Activities;
using SecurityAudit.Capture.Antiforgery;
using SecurityAudit.Capture.CrossOrigin;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Capture.ProtectionKeys;
using SecurityAudit.Capture.RateLimits;
using SecurityAudit.Capture.Sessions;
using SecurityAudit.Capture.Tables;

namespace SecurityAudit.Hosting;

/// <summary>The one list of everything that is captured. What shows at a request's end is concluded in this order.</summary>
internal static class CaptureHooks
{
    public static IReadOnlyList<CaptureHook> All { get; } =
    [
        new SessionsHook(),
        new ExceptionsHook(),
        new IdentityHook(),
        new TablesHook(),
        new DenialsHook(),
        new AntiforgeryHook(),
        new RateLimitsHook(),
        new CrossOriginHook(),
        new ProtectionKeysHook(),
        new ActivitiesHook(),
    ];
}
