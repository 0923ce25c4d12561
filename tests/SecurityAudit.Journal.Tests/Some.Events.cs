namespace SecurityAudit.Journal.Tests;

internal static partial class Some
{
    /// <summary>A payload that can be found again.</summary>
    public static byte[] Event(int number = 0) => Utf8($$"""{"event.action":"test","test.number":{{number}}}""");

    /// <summary>A payload of about this many bytes.</summary>
    public static byte[] LongEvent(int length) => Utf8($$"""{"event.action":"test","test.text":"{{new string('x', length)}}"}""");
}
