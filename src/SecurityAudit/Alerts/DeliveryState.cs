namespace SecurityAudit.Alerts;

/// <summary>What became of one alert on one channel.</summary>
internal enum DeliveryState
{
    /// <summary>It went by itself, or longer ago than is remembered one by one.</summary>
    Delivered,

    /// <summary>It went in a digest.</summary>
    Digest,

    /// <summary>It goes as soon as it can.</summary>
    Waiting,

    /// <summary>The channel never took it.</summary>
    GivenUp,

    /// <summary>It was there before the channel was.</summary>
    Older,

    /// <summary>The channel wants worse ones only.</summary>
    NotWanted,
}
