using System.Globalization;
using SecurityAudit.Fields;

namespace SecurityAudit.Detection.Engine;

/// <summary>Reads what an alert of our own says of itself.</summary>
internal sealed class AlertReader(FieldSlots slots)
{
    private readonly int _ruleId = slots.Of(EventFields.RuleId.Name);
    private readonly int _alertId = slots.Of(AlertFields.Id.Name);
    private readonly int _group = slots.Of(AlertFields.Group.Name);
    private readonly int _condition = slots.Of(AlertFields.Condition.Name);

    /// <summary>Null for what only looks like one.</summary>
    public (string RuleId, string Id, string Action, int Condition, string? Group)? Read(EventView e) =>
        e.Text(_ruleId) is { } ruleId && e.Text(_alertId) is { } id
            ? (ruleId, id, System.Text.Encoding.UTF8.GetString(e.Action),
                int.TryParse(e.Text(_condition), NumberStyles.None, CultureInfo.InvariantCulture, out var condition) ? condition : 0, e.Text(_group))
            : null;
}
