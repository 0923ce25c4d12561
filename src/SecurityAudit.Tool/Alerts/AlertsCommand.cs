using System.CommandLine;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Alerts;

/// <summary><c>alerts</c>: the channels that alerts go to, and what went there.</summary>
internal sealed class AlertsCommand : Command
{
    public AlertsCommand(Terminal terminal)
        : base("alerts", "Tries the channels that alerts go to, and lists the alerts of a journal with what was delivered where.")
    {
        Add(new TestAlertCommand(terminal));
        Add(new ListAlertsCommand(terminal));
    }
}
