namespace SecurityAudit.Tool;

/// <summary>What a script can rely on.</summary>
internal static class ExitCode
{
    /// <summary>
    /// Done; of <c>verify</c>: proven with the key that was given, but for what a crash or the present moment leaves unsigned.
    /// </summary>
    public const int Sound = 0;
    public const int NotSound = 1;
    public const int CannotRead = 2;

    /// <summary>Nothing is wrong, but it is not proven either: no key was given, or more lines are unsigned than a crash leaves.</summary>
    public const int NotProven = 3;

    /// <summary>Ended from the keyboard, as shells have it: 128 and SIGINT's number.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read the output has gone before its end, as shells have it: 128 and SIGPIPE's number.</summary>
    public const int OutputClosed = 141;
}
