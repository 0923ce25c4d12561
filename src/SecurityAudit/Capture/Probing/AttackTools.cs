using System.Buffers;

namespace SecurityAudit.Capture.Probing;

/// <summary>Tools of attackers that give their name as the request's program; who hides it is not known by it.</summary>
/// <remarks>
/// From the list that the OWASP Core Rule Set keeps by hand, <c>rules/scanners-user-agents.data</c> of coreruleset/coreruleset at commit
/// 007eaf92322cc70a011675c124f2b3c23dc7ea56, without the names that are words of other programs, too.
/// </remarks>
internal static class AttackTools
{
    private static readonly string[] Names =
    [
        "acunetix", "appspider", "arachni", "bewica-security-scan", "cmsmap", "commix", "detectify", "dirbuster", "dotdotpwn", "droopescan",
        "feroxbuster", "fimap", "fuzz faster", "ghauri", "gobuster", "graphql-cop", "graphw00f", "havij", "ironwasp", "jbrofuzz", "joomscan", "jorgee",
        "l9explore", "l9tcpid", "lfimap", "lfisuite", "libwhisker", "masscan", "morfeus", "n-stalker", "nessus", "netsparker", "nettacker", "nikto",
        "nmap", "nuclei", "openvas", "qualysguard", "skipfish", "sqlmap", "sqlninja", "sstimap", "tplmap", "tsunamisecurityscanner", "w3af.org",
        "wapiti", "webshag", "wfuzz", "whatwaf", "whatweb", "wpprobe", "wprecon", "wpscan", "xsser", "xsstrike", "zgrab", "zmeu",
    ];

    private static readonly SearchValues<string> Known = SearchValues.Create(Names, StringComparison.OrdinalIgnoreCase);

    /// <summary>The tool that the program's name has in it, or null; for null it allocates nothing.</summary>
    public static string? NameIn(string agent)
    {
        var at = agent.AsSpan().IndexOfAny(Known);
        return at < 0 ? null : At(agent[at..]);
    }

    // On its own: what a lambda closes over is made when its method begins.
    private static string? At(string rest) => Array.Find(Names, name => rest.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
