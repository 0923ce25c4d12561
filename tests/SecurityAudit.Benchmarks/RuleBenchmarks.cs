using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Benchmarks;

/// <summary>What all built-in rules together cost a line of the journal, on the detection's own thread: the reading of the line included.</summary>
[MemoryDiagnoser]
public class RuleBenchmarks : IAlertReceiver
{
    private const int Lines = 8192;

    private readonly JournalClock _clock = new(TimeProvider.System);
    private readonly byte[] _order = Line("order.place", 0);
    private readonly byte[][] _failures = [.. Enumerable.Range(0, Lines).Select(n => Line("authn_login_fail", n))];
    private readonly RuleEngine _engine = new(
        RuleCatalogue.BuiltIn.Values, new NamedLists(["Admin"], [], []), new RuleExceptions(), null, 7, (_, failure) => throw failure);

    private int _next;

    /// <summary>An event that no rule wants.</summary>
    [Benchmark(Baseline = true)]
    public void Unwanted() => _engine.Observe(_order, _clock, this);

    /// <summary>A failed sign-in, each from another source on another account: four rules want it.</summary>
    [Benchmark]
    public void FailedSignIn() => _engine.Observe(_failures[_next++ % Lines], _clock, this);

    void IAlertReceiver.Raised(Attack attack, Finding finding)
    {
    }

    void IAlertReceiver.WasTold(Attack attack)
    {
    }

    void IAlertReceiver.Summed(Attack attack, Finding since)
    {
    }

    void IAlertReceiver.Resolved(Attack attack)
    {
    }

    /// <summary>As the library writes it, 1.3 KB.</summary>
    private static byte[] Line(string action, int n) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"journal.id":"abcdefgh","event.sequence":{{n}},"@timestamp":"2026-11-24T12:00:{{n / 1000 % 60:00}}.{{n % 1000:000}}0000Z","event.action":"{{action}}","event.kind":"event",
        "event.category":["authentication"],"event.type":["start"],"event.outcome":"failure","event.severity":47,"event.id":"01a21576-8d25-79cd-8d94-{{n:x12}}",
        "event.reason":"wrong password","message":"ada@shop.example failed to sign in: wrong password.","security_audit.owasp.level":"WARN",
        "user.id":"ab572796-5873-47ae-9103-601f01466086","user.name":"ada@shop.example","security_audit.authn.scheme":"Identity.Application",
        "security_audit.authn.method":"password","security_audit.authn.mfa":false,"source.ip":"10.{{n >> 16}}.{{(n >> 8) & 255}}.{{n & 255}}","source.port":35649,
        "http.request.method":"POST","http.request.id":"0HNQBBHF3OOPD:0000000B","url.path":"/Account/Login","url.scheme":"http","security_audit.endpoint":"/Account/Login",
        "user_agent.original":"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0","user.hash":"k9a17f0fe:{{n:x32}}",
        "related.user":["ada@shop.example","ab572796-5873-47ae-9103-601f01466086"],"related.ip":["10.0.0.1"],"trace.id":"1234951be8b0c8a7e3f95be57b6e8130",
        "span.id":"631d9ea93d7cfc02","service.name":"shop","host.name":"vm","event.provider":"security-audit","event.module":"securityaudit",
        "event.dataset":"securityaudit.events","ecs.version":"8.17.0","event.hash":"ZkxkCx2Ym1sgcIFAXoeOEH8x-eZnkcwKef_XnTDrdxk"}
        """).ReplaceLineEndings(""));
}
