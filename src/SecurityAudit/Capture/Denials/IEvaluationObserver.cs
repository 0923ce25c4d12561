using System.Security.Claims;

namespace SecurityAudit.Capture.Denials;

/// <summary>A hook that knows of an evaluation which fails whether it is enforced, where no answer of a request tells that.</summary>
internal interface IEvaluationObserver
{
    /// <summary>True when what the evaluation means is known by that, so that nobody else has to note it.</summary>
    /// <param name="evaluation">What was evaluated, and failed.</param>
    /// <param name="user">For whom.</param>
    /// <param name="scope">The services among which the authorization service was asked for.</param>
    bool Failed(FailedEvaluation evaluation, ClaimsPrincipal user, IServiceProvider scope);
}
