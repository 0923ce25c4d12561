using SecurityAudit.Capture;
using SecurityAudit.Capture.Activities;
using SecurityAudit.Capture.Antiforgery;
using SecurityAudit.Capture.BadRequests;
using SecurityAudit.Capture.CrossOrigin;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Capture.Probing;
using SecurityAudit.Capture.ProtectedData;
using SecurityAudit.Capture.ProtectionKeys;
using SecurityAudit.Capture.RateLimits;
using SecurityAudit.Capture.Redirects;
using SecurityAudit.Capture.Sessions;

namespace SecurityAudit.Hosting;

/// <summary>The one list of everything that is captured. What shows at a request's end is concluded in this order.</summary>
internal static class CaptureHooks
{
    public static IReadOnlyList<CaptureHook> All { get; } =
    [
        new SessionsHook(),
        new ExceptionsHook(),
        new BadRequestsHook(),
        new IdentityHook(),
        new DenialsHook(),
        new AntiforgeryHook(),
        new RateLimitsHook(),
        new CrossOriginHook(),
        new ProbingHook(),
        new RedirectsHook(),
        new ProtectionKeysHook(),
        new ProtectedDataHook(),
        new ActivitiesHook(),
    ];
}
