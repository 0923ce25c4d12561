namespace SecurityAudit.Tool;

/// <summary>What a script can rely on.</summary>
internal static class ExitCode
{
    public const int Sound = 0;
    public const int NotSound = 1;
    public const int CannotRead = 2;

    /// <summary>Ended from the keyboard, as shells have it: 128 and SIGINT's number.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read the output has gone before its end, as shells have it: 128 and SIGPIPE's number.</summary>
    public const int OutputClosed = 141;
}
