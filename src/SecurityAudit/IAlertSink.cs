namespace SecurityAudit;

/// <summary>A channel on which alerts are told: a pager, a ticket system, a chat.</summary>
/// <remarks>
/// Each alert that the journal holds is given at least once, one delivery at a time, in the journal's order: again after a failure, with
/// growing pauses, and after a crash between the delivery and its being noted, under the same <see cref="AlertDelivery.Id"/>. More than
/// <see cref="AlertOptions.DigestAbove"/> that wait become one digest. Nothing that happens here holds up a request.
/// </remarks>
public interface IAlertSink
{
    /// <summary>
    /// Its name: 1 to 40 lower-case letters, digits and hyphens, and always the same, for how far its alerts are delivered is remembered
    /// under it. Another name is another channel, which is told the alerts of the last day.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// Alerts below it are not given to this channel; what becomes of an attack is given to whoever was told of it. Default:
    /// <see cref="EventSeverity.Low"/>, so all are.
    /// </summary>
    EventSeverity MinimumSeverity => EventSeverity.Low;

    /// <summary>Delivers; returns when the receiver has it.</summary>
    /// <param name="delivery">One alert, or a digest of many. Texts in it may come from an attacker: encode them for where they go.</param>
    /// <param name="cancellationToken">Cancelled after <see cref="AlertOptions.Timeout"/>.</param>
    /// <exception cref="AlertDeliveryException">It was not delivered; what the exception says is shown in the log, in health and in the
    /// journal. Whatever else is thrown counts likewise, by its type alone, since its message may hold a secret.</exception>
    Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken);
}
