namespace SecurityAudit;

/// <summary>
/// The application's own answer to an alert: register one, or several, as services. Called for each alert of any rule, outside of requests and
/// in a scope of its own, one alert after another.
/// </summary>
/// <remarks>
/// Called once an alert; again only where a crash kept its end from being recorded and the alert is no older than a quarter of an hour.
/// That it ended is recorded (<c>response_hook_completed</c>), and that it failed, with the exception's type (<c>response_failed</c>).
/// </remarks>
public interface IAlertResponse
{
    /// <summary>Does what the application wants done.</summary>
    /// <param name="alert">The alert. Its texts may be an attacker's.</param>
    /// <param name="cancellationToken">Cancelled after 30 seconds, and when the application stops. A call that does not end then is left to
    /// itself, and no other is begun before it ends.</param>
    Task RespondAsync(AlertNotification alert, CancellationToken cancellationToken);
}
