namespace SecurityAudit.Capture.SignIns;

/// <summary>The application said that it tells of its own sign-ins.</summary>
internal sealed class SignInsReported;
