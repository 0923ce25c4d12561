using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Logging;
using SecurityAudit.Fields;
using SecurityAudit.Redaction.Exceptions;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>An exception as an event: type, stack hash and of the message what may be recorded.</summary>
internal sealed partial class ExceptionEvent(ErrorText errorText, ILogger<ExceptionEvent> logger)
{
    public SecurityEvent Of(HttpContext request, Exception exception, bool handled) =>
        Describe(SecurityEvents.AppException(TypeOf(exception), handled), exception, CultureOf(request));

    /// <summary>An exception within a connection that outlasts its request.</summary>
    public SecurityEvent Of(Exception exception, bool handled) =>
        Describe(SecurityEvents.AppException(TypeOf(exception), handled), exception, CultureInfo.CurrentUICulture);

    /// <summary>An exception that ended a background service, and with it the application, or not.</summary>
    public SecurityEvent Of(Type service, Exception exception, bool isCrash) =>
        Describe(
            isCrash
                ? SecurityEvents.SysCrash($"the background service {service.Name} ended by {TypeOf(exception)}").With(EventFields.ErrorType, TypeOf(exception))
                : SecurityEvents.AppException(TypeOf(exception), handled: false),
            exception,
            CultureInfo.CurrentUICulture);

    private static string TypeOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    private SecurityEvent Describe(SecurityEvent made, Exception exception, CultureInfo culture)
    {
        try
        {
            var stackHash = StackHash.Of(exception);
            made = made.With(EventFields.StackHash, stackHash);
            return made.With(EventFields.ErrorMessage.Name, errorText.MessageOf(exception, stackHash, culture));
        }
        catch (Exception failure)
        {
            // Message and StackTrace are code of the exception's own type.
            Log.NotDescribed(logger, failure, exception.GetType());
            return made;
        }
    }

    /// <summary>The language that the request was answered in: what localization set within the pipeline is gone out here.</summary>
    private static CultureInfo CultureOf(HttpContext request) =>
        request.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture ?? CultureInfo.CurrentUICulture;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An exception of type {Type} is recorded without its message.")]
        public static partial void NotDescribed(ILogger logger, Exception failure, Type type);
    }
}
