using System.Text;

namespace SecurityAudit.Journal.Driver;

/// <summary>Payloads.</summary>
internal static class Some
{
    /// <summary>A short event that can be found again.</summary>
    public static byte[] Event(int number) => Encoding.UTF8.GetBytes($$"""{"event.action":"test","test.number":{{number}}}""");

    /// <summary>An event of 25 fields, some 700 bytes: what a request leaves behind.</summary>
    public static byte[] RealisticEvent() => Encoding.UTF8.GetBytes(
        """
        {"event.action":"authn_login_fail","@timestamp":"2026-11-24T05:00:06.4424590Z","event.kind":"event","event.category":["authentication"],
        "event.type":["start"],"event.outcome":"failure","event.severity":47,"event.provider":"security-audit","ecs.version":"8.17.0",
        "message":"Sign-in failed","event.reason":"wrong password","user.id":"0b6b6f0e-1c1f-4f0d-9d38-f2c3b7d1b6a1","user.name":"alice",
        "source.ip":"203.0.113.7","source.port":50814,"user_agent.original":"Mozilla/5.0 (X11; Linux x86_64)","http.request.method":"POST",
        "http.response.status_code":200,"url.path":"/Account/Login","url.scheme":"https","session.id":"k3f9x2abk3f9x2ab",
        "service.name":"shop","host.name":"web-07","trace.id":"4bf92f3577b34da6a3ce929d0e0e4736","span.id":"00f067aa0ba902b7"}
        """.ReplaceLineEndings(""));
}
