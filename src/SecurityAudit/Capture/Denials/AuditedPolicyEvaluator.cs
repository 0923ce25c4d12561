using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// What the authorization middleware and MVC's filter evaluate is enforced; nobody trims a menu with it. Derived, not wrapped around: one is
/// made a request, and costs no more than the framework's own.
/// </summary>
internal sealed class AuditedPolicyEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization)
{
    public override Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource) =>
        EnforcedEvaluation.Seen(base.AuthorizeAsync(policy, authenticationResult, context, resource), policy, context, resource);
}
