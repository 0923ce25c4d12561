using SecurityAudit.Capture;
using SecurityAudit.Capture.Activities;
using SecurityAudit.Capture.Antiforgery;
using SecurityAudit.Capture.BadRequests;
using SecurityAudit.Capture.Circuits;
using SecurityAudit.Capture.CrossOrigin;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Capture.Hubs;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Capture.Probing;
using SecurityAudit.Capture.ProtectedData;
using SecurityAudit.Capture.ProtectionKeys;
using SecurityAudit.Capture.RateLimits;
using SecurityAudit.Capture.Redirects;
using SecurityAudit.Capture.RemoteSignIn;
using SecurityAudit.Capture.Rpc;
using SecurityAudit.Capture.Sessions;
using SecurityAudit.Capture.SignIns;
using SecurityAudit.Capture.Tables;
using SecurityAudit.Capture.TokenRequests;

namespace SecurityAudit.Hosting;

/// <summary>The one list of everything that is captured. What shows at a request's end is concluded in this order.</summary>
internal static class CaptureHooks
{
    public static IReadOnlyList<CaptureHook> All { get; } =
    [
        new RemoteSignInHook(),
        new SessionsHook(),
        new TokenRequestsHook(),
        new ExceptionsHook(),
        new BadRequestsHook(),
        new IdentityHook(),
        new SignInsHook(),
        new TablesHook(),
        new DenialsHook(),
        new AntiforgeryHook(),
        new RateLimitsHook(),
        new CrossOriginHook(),
        new ProbingHook(),
        new RedirectsHook(),
        new ProtectionKeysHook(),
        new ProtectedDataHook(),
        new HubsHook(),
        new RpcHook(),
        new CircuitsHook(),
        new ActivitiesHook(),
    ];
}
