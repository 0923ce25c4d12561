using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>What every <see cref="AuditedAuthenticationService"/> shares.</summary>
/// <param name="All">What the hooks do, the first outermost.</param>
/// <param name="Forwarding">Which schemes leave an operation to another.</param>
/// <param name="Failures">Where it goes what fails in one of them.</param>
/// <param name="Gate">Whether what is not recorded may happen.</param>
internal sealed record AuthenticationCaptures(AuthenticationCapture[] All, SchemeForwarding Forwarding, HookFailures Failures, JournalGate Gate);
