using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SecurityAudit.Metrics;
using SecurityAudit.Redaction;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Remembers from which addresses and with which programs each session was used lately.</summary>
/// <remarks>
/// Of this process alone, and bounded: beyond it the session that was least recently used is forgotten, and counted. Who goes back and
/// forth between a few addresses (two networks of a telephone, the exits of a proxy) changes once. Safe for any thread.
/// </remarks>
internal sealed class SessionSources(AuditMetrics metrics)
{
    internal const int Most = 20_000;

    private const int LongestAgent = 160;

    private readonly Lock _lock = new();
    private readonly BoundedTable<string, Known> _sessions = new(Most);

    /// <summary>What is new about where the session is used from, if it was used before. Nothing is allocated where nothing is.</summary>
    public SourceChange? Observe(string session, HttpContext request)
    {
        var address = request.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress; // the request's Connection is an object more
        var agent = request.Request.Headers.UserAgent.ToString();
        var network = SourceNetwork.Of(address);
        var agentHash = string.GetHashCode(agent, StringComparison.Ordinal);
        lock (_lock)
        {
            if (!_sessions.TryGet(session, out var known))
            {
                if (_sessions.Set(session, new Known(network, address, agentHash, Cut(agent))) is not null)
                {
                    metrics.Forgot("session_sources");
                }

                return null;
            }

            var isNewAddress = address is not null && known.Networks.IsNew(network);
            var isNewAgent = known.Agents.IsNew(agentHash);
            if (!isNewAddress && !isNewAgent)
            {
                return null;
            }

            var change = new SourceChange(
                isNewAddress ? (TextOf(known.Address), TextOf(address)) : null,
                isNewAgent ? (known.Agent, Cut(agent)) : null);
            (known.Address, known.Agent) = (address ?? known.Address, Cut(agent));
            return change;
        }
    }

    private static string TextOf(IPAddress? address) => TypedValue.TextOf(address) ?? "(none)";

    private static string Cut(string agent) => agent.Length switch
    {
        0 => "(none)",
        > LongestAgent => agent[..LongestAgent] + "…",
        _ => agent,
    };

    private sealed class Known(SourceNetwork network, IPAddress? address, int agentHash, string agent)
    {
        public LastFew<SourceNetwork> Networks { get; } = new(network);

        public LastFew<int> Agents { get; } = new(agentHash);

        public IPAddress? Address { get; set; } = address;

        public string Agent { get; set; } = agent;
    }
}
