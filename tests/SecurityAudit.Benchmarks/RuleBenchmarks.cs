using System.Text;
using BenchmarkDotNet.Attributes;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;

namespace SecurityAudit.Benchmarks;

/// <summary>What all built-in rules together cost a line of the journal, on the detection's own thread: the reading of the line included.</summary>
[MemoryDiagnoser]
public class RuleBenchmarks : IAlertReceiver
{
    private readonly JournalClock _clock = new(TimeProvider.System);
    private readonly byte[] _order = Line("order.place");
    private readonly byte[] _failure = Line("authn_login_fail");
    private readonly EventView _view;
    private readonly RuleEngine _engine = new(
        RuleCatalogue.BuiltIn.Values, new NamedLists(["Admin"], [], []), new RuleExceptions(), null, 7, (_, failure) => throw failure);

    private readonly int _time;
    private readonly int _source;
    private readonly int _user;
    private long _next;

    public RuleBenchmarks()
    {
        (_time, _source, _user) = (_failure.AsSpan().IndexOf("12:00:"u8), _failure.AsSpan().IndexOf("10.000"u8) + 3, _failure.AsSpan().IndexOf("00000000000000"u8));
        var slots = new FieldSlots();
        slots.Of("source.ip");
        slots.Of("user.hash");
        _view = new EventView(slots, 7);
    }

    /// <summary>An event that no rule wants.</summary>
    [Benchmark(Baseline = true)]
    public void Unwanted() => _engine.Observe(_order, _clock, this);

    /// <summary>The reading of a line that a rule wants, and nothing else: part of the next.</summary>
    [Benchmark]
    public void ReadingAlone() => _view.Read(Next());

    /// <summary>
    /// A failed sign-in, each from another source on another account, a million in an hour: five rules want it, and their tables are full.
    /// </summary>
    [Benchmark]
    public void FailedSignIn() => _engine.Observe(Next(), _clock, this);

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

    /// <summary>The same line of another source, another account and 3.6 ms later.</summary>
    private byte[] Next()
    {
        var n = _next++;
        var milliseconds = n * 36 / 10;
        Digits(_time + 3, milliseconds / 60_000 % 60, 2);
        Digits(_time + 6, milliseconds / 1000 % 60, 2);
        Digits(_time + 9, milliseconds % 1000, 3);
        Digits(_source, n, 9);
        Digits(_user, n, 14);
        return _failure;
    }

    private void Digits(int at, long value, int count)
    {
        for (var digit = at + count - 1; digit >= at; digit--)
        {
            (_failure[digit], value) = ((byte)('0' + (value % 10)), value / 10);
        }
    }

    /// <summary>As the library writes it, 1.4 KB.</summary>
    private static byte[] Line(string action) => Encoding.UTF8.GetBytes(
        $$"""
        {"journal.id":"abcdefgh","event.sequence":7,"@timestamp":"2026-11-24T12:00:00.0000000Z","event.action":"{{action}}","event.kind":"event",
        "event.category":["authentication"],"event.type":["start"],"event.outcome":"failure","event.severity":47,"event.id":"01a21576-8d25-79cd-8d94-e7b7240dccc8",
        "event.reason":"wrong password","message":"ada@shop.example failed to sign in: wrong password.","security_audit.owasp.level":"WARN",
        "user.id":"ab572796-5873-47ae-9103-601f01466086","user.name":"ada@shop.example","security_audit.authn.scheme":"Identity.Application",
        "security_audit.authn.method":"password","security_audit.authn.mfa":false,"source.ip":"10.000000000","source.port":35649,
        "http.request.method":"POST","http.request.id":"0HNQBBHF3OOPD:0000000B","url.path":"/Account/Login","url.scheme":"http","security_audit.endpoint":"/Account/Login",
        "user_agent.original":"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0","user.hash":"k9a17f0fe:00000000000000000000000000000000",
        "related.user":["ada@shop.example","ab572796-5873-47ae-9103-601f01466086"],"related.ip":["192.0.2.1"],"trace.id":"1234951be8b0c8a7e3f95be57b6e8130",
        "span.id":"631d9ea93d7cfc02","service.name":"shop","host.name":"vm","event.provider":"security-audit","event.module":"securityaudit",
        "event.dataset":"securityaudit.events","ecs.version":"8.17.0","event.hash":"ZkxkCx2Ym1sgcIFAXoeOEH8x-eZnkcwKef_XnTDrdxk"}
        """.ReplaceLineEndings(""));
}
