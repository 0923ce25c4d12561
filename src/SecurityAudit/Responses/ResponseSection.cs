using SecurityAudit.Configuration;

namespace SecurityAudit.Responses;

/// <summary>Reads the section <c>Response</c>.</summary>
internal static class ResponseSection
{
    public static void Read(SectionReader section, ResponseOptions options)
    {
        section.Value<bool>(nameof(options.DryRun), value => options.DryRun = value);
        section.Texts(nameof(options.NeverBlock), options.NeverBlock);
        var block = section.Section(nameof(options.BlockSource));
        block.Value<bool>(nameof(options.BlockSource.Enabled), value => options.BlockSource.Enabled = value);
        block.Texts(nameof(options.BlockSource.Rules), options.BlockSource.Rules);
        block.Value<TimeSpan>(nameof(options.BlockSource.Duration), value => options.BlockSource.Duration = value);
        block.Value<int>(nameof(options.BlockSource.StatusCode), value => options.BlockSource.StatusCode = value);
        block.Value<bool>(nameof(options.BlockSource.IncludePrivateNetworks), value => options.BlockSource.IncludePrivateNetworks = value);
        block.End();
        var sessions = section.Section(nameof(options.EndSessions));
        sessions.Value<bool>(nameof(options.EndSessions.Enabled), value => options.EndSessions.Enabled = value);
        sessions.Texts(nameof(options.EndSessions.Rules), options.EndSessions.Rules);
        sessions.End();
        section.End();
    }
}
