namespace SecurityAudit.Capture;

/// <summary>
/// What a hook learns from an event of the host's diagnostic listener, to which the server and the host tell what no middleware sees. Register
/// it as a singleton; <see cref="HostDiagnostics"/> does the listening for all of them.
/// </summary>
internal interface IHostEventObserver
{
    /// <summary>The name of the event.</summary>
    string Event { get; }

    /// <summary>It happened, in the midst of the server's own handling of it. On any thread; what is thrown is logged and counted.</summary>
    /// <param name="told">What the host tells of it.</param>
    void Happened(object told);
}
