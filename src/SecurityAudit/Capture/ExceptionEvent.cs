using SecurityAudit.Redaction;

namespace SecurityAudit.Capture;

/// <summary>An exception as an event: type, stack hash and the message without its values.</summary>
internal static class ExceptionEvent
{
    public static SecurityEvent Of(Exception exception, bool handled) =>
        SecurityEvents.AppException(exception.GetType().FullName ?? exception.GetType().Name, handled)
            .With("error.message", ErrorText.MessageOf(exception))
            .With("security_audit.error.stack_hash", ErrorText.StackHashOf(exception));
}
