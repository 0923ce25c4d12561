using System.Globalization;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Inventory;

/// <summary>The inventory for people.</summary>
internal sealed class InventoryText(Terminal terminal)
{
    public void Write(JournalInventory inventory)
    {
        Line($"journal {inventory.Directory}");
        Line($"  format        JSON Lines, UTF-8, the Elastic Common Schema's names; each line is hashed into a Merkle tree (RFC 6962)");
        Line($"  protected by  {(inventory.Keys.Count == 0 ? "no signature" : $"checkpoints, signed by {string.Join(", ", inventory.Keys)}")}");
        Line($"                whether it is what was written: 'security-audit verify {inventory.Directory} --key KEY'");
        Line($"  who reads     {inventory.Access ?? "not known here: see the directory's access list"}");
        Line($"  how long      what is there begins with the times below; how long it is to stay, each application says below");
        foreach (var log in inventory.Logs)
        {
            Line($"  log           {(log.Id.Length == 0 ? "without an id" : log.Id)}, {log.Bytes} bytes in {log.Directory}: {log.Shipping}");
        }

        foreach (var service in inventory.Services)
        {
            Write(service);
        }

        if (inventory.ServicesLeftOut > 0)
        {
            Line($"");
            Line($"{inventory.ServicesLeftOut} events are of further applications or hosts and not shown: no journal of ours has so many. Find out who wrote them.");
        }
    }

    private void Write(ServiceInventory service)
    {
        Line($"");
        Line($"application {Named(service.Service)} {service.Version}, environment {Named(service.Environment)}, on host {Named(service.Host)}");
        Line($"  recorded      {service.Events} events from {service.First:u} to {service.Last:u}, ECS {service.EcsVersion}");
        Line($"  kinds         {string.Join(", ", service.Actions.Select(action => string.Create(CultureInfo.InvariantCulture, $"{action.Key} {action.Value}")))}");
        if (service.Coverage is not { } coverage)
        {
            Line($"  coverage      not known: no event audit_coverage is there. It is written when the application starts.");
            return;
        }

        Line($"  coverage      as found at its start at {coverage.At:u}");
        List("captured", coverage.Captured);
        List("covered", coverage.Covered);
        List("in part", coverage.Partial);
        List("NOT COVERED", [.. coverage.Missing, .. coverage.Uncovered]);
        List("no use for", coverage.NotApplicable);
        foreach (var accepted in coverage.Accepted)
        {
            Line($"  accepted      {accepted}");
        }

        List("no such gap", coverage.UnmatchedAccepted);
        Line($"  kept          {Kept(coverage.Retention)}");
        List("goes also to", coverage.Sinks);
        foreach (var remedy in coverage.Remedies)
        {
            Line($"  to do         {remedy}");
        }
    }

    private void List(string what, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            Line($"  {what,-13} {string.Join(", ", values)}");
        }
    }

    private static string Kept(string? retention) => retention switch
    {
        null => "not known: the event audit_coverage of that version does not say it",
        "unlimited" => "for ever, as far as the application goes: SecurityAudit:Journal:Retention is not set",
        _ => $"{retention} at least (SecurityAudit:Journal:Retention)",
    };

    private static string Named(string text) => text.Length == 0 ? "(without a name)" : text;

    private void Line(FormattableString text) => terminal.Output.WriteLine(VisibleText.Of(text.ToString(CultureInfo.InvariantCulture)).TrimEnd());
}
