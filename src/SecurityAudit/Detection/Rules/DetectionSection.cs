using SecurityAudit.Configuration;

namespace SecurityAudit.Detection.Rules;

/// <summary>Reads the section <c>Detection</c>.</summary>
internal static class DetectionSection
{
    public static void Read(SectionReader section, DetectionSettings detection)
    {
        section.Value<bool>(nameof(detection.Enabled), value => detection.Enabled = value);
        section.Text(nameof(detection.RuleDirectory), value => detection.RuleDirectory = value);
        section.Texts(nameof(detection.AdministratorRoles), detection.AdministratorRoles);
        section.Texts(nameof(detection.Honeytokens), detection.Honeytokens);
        ReadExceptions(section.Section(nameof(detection.Exceptions)), detection);
        section.Nodes(nameof(detection.Rules), detection.RuleSections);
        section.End();
    }

    private static void ReadExceptions(SectionReader section, DetectionSettings detection)
    {
        List<string> sources = [], users = [], agents = [];
        section.Texts(nameof(RuleExceptions.Sources), sources);
        section.Texts(nameof(RuleExceptions.Users), users);
        section.Texts(nameof(RuleExceptions.Agents), agents);
        section.End();
        if (sources.Count + users.Count + agents.Count > 0)
        {
            detection.Exceptions = new RuleExceptions { Sources = [.. sources], Users = [.. users], Agents = [.. agents] };
        }
    }
}
