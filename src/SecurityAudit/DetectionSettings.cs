using System.Text.Json.Nodes;
using SecurityAudit.Detection;

namespace SecurityAudit;

/// <summary>The section <c>SecurityAudit:Detection</c>: what is watched for. Read once, when the host starts.</summary>
/// <remarks>
/// The section <c>Rules</c> holds rules by their ids: one with the id of a built-in rule changes what it names of it
/// (<c>"password_spraying": { "when": [ { "count": 30 } ] }</c>), any other is a rule of the owner's, whole.
/// </remarks>
public sealed class DetectionSettings
{
    /// <summary>False switches detection off, which is an event itself: <c>sys_monitor_disabled</c>. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A folder of rules, one in each <c>*.json</c> file, in the form of the built-in ones; relative to the content root. Default: none.</summary>
    public string? RuleDirectory { get; set; }

    /// <summary>Rules in code. One with the id of a built-in rule takes its place.</summary>
    public IList<DetectionRule> Rules { get; } = [];

    /// <summary>
    /// The roles that make an administrator, as the application writes them: <c>@administrators</c> in rules. Default: Admin, Admins,
    /// Administrator, Administrators, Owner, SuperAdmin and Root, each in lower case, too.
    /// </summary>
    public IList<string> AdministratorRoles { get; } = [];

    /// <summary>
    /// Names of accounts, whether they exist or not, and paths (<c>/backup.zip</c>) that nobody has a reason to use: <c>@honeytokens</c> in
    /// rules. Default: none.
    /// </summary>
    public IList<string> Honeytokens { get; } = [];

    /// <summary>Whose events all rules leave alone: a scanner that is paid for, a load test. Default: nobody's.</summary>
    public RuleExceptions Exceptions { get; set; } = new();

    /// <summary>What the section <c>Rules</c> holds, by ids.</summary>
    internal IDictionary<string, JsonNode> RuleSections { get; } = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
}
