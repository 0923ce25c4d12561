namespace Quickstart.Tour;

internal static class Html
{
    /// <summary>What stands behind the marker, up to the end of the attribute or element; empty when the marker is not there.</summary>
    /// <param name="page">The page.</param>
    /// <param name="marker">Its quotes are single here, double on the page.</param>
    public static string ValueAfter(string page, string marker)
    {
        var start = page.IndexOf(marker.Replace('\'', '"'), StringComparison.Ordinal);
        if (start < 0)
        {
            return "";
        }

        start += marker.Length;
        var end = page.AsSpan(start).IndexOfAny('"', '<');
        return end < 0 ? "" : page.Substring(start, end);
    }
}
