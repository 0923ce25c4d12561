using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Events;

/// <summary>The options by which <c>show</c> and <c>follow</c> choose events.</summary>
internal sealed class EventOptions
{
    private readonly Option<DateTimeOffset?> _from = InstantOption(
        "--from", "Events from this time on: 2026-11-24, 2026-11-24T04:30, or 30m, 2h, 7d ago. UTC unless it has an offset.");
    private readonly Option<DateTimeOffset?> _to = InstantOption("--to", "Events before this time.");
    private readonly Option<string[]> _actions = new("--action") { Description = "Events of this action; a star at the end stands for any rest: authn_*. Can be repeated." };
    private readonly Option<string[]> _users = new("--user") { Description = "Events by or about this user: id, name or e-mail address. Can be repeated." };
    private readonly Option<string[]> _outcomes = new("--outcome") { Description = "Events that ended so: success, failure or unknown. Can be repeated." };
    private readonly Option<string[]> _texts = new("--text") { Description = "Events with this text in any field, in whatever case. Can be repeated: one of them is enough." };
    private readonly Option<bool> _control = new("--control") { Description = "Also the lines that the journal writes about itself." };
    private readonly Option<IPNetwork[]> _sources = new("--source")
    {
        Description = "Events from this address or network: 203.0.113.7 or 2001:db8::/32. Can be repeated.",
        CustomParser = result => [.. result.Tokens.Select(token => Network(token.Value, result)).OfType<IPNetwork>()],
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _from, _to, _actions, _users, _outcomes, _sources, _texts, _control })
        {
            command.Options.Add(option);
        }
    }

    public EventFilter Filter(ParseResult parsed) => new()
    {
        From = parsed.GetValue(_from),
        To = parsed.GetValue(_to),
        Actions = parsed.GetValue(_actions) ?? [],
        Users = parsed.GetValue(_users) ?? [],
        Outcomes = parsed.GetValue(_outcomes) ?? [],
        Texts = parsed.GetValue(_texts) ?? [],
        Sources = parsed.GetValue(_sources) ?? [],
        IncludeControl = parsed.GetValue(_control),
    };

    public static Option<DateTimeOffset?> InstantOption(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Instant(result.Tokens[0].Value, name, result),
    };

    private static DateTimeOffset? Instant(string text, string option, ArgumentResult result)
    {
        if (text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            TimeSpan? ago = text[^1] switch { 'm' => TimeSpan.FromMinutes(count), 'h' => TimeSpan.FromHours(count), 'd' => TimeSpan.FromDays(count), _ => null };
            if (ago is not null)
            {
                return DateTimeOffset.UtcNow - ago;
            }
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            return instant;
        }

        result.AddError($"{option} is '{text}', expected a time such as 2026-11-24, 2026-11-24T04:30 or 2026-11-24T04:30+01:00, or 30m, 2h or 7d ago.");
        return null;
    }

    private static IPNetwork? Network(string text, ArgumentResult result)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        result.AddError($"--source is '{text}', expected an address such as 203.0.113.7 or a network such as 203.0.113.0/24.");
        return null;
    }
}
