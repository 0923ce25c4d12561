using SecurityAudit.Tool;
using SecurityAudit.Tool.Terminals;

return await new AuditCommandLine(Terminal.System()).RunAsync(args);

/// <summary>Said here, or ASP.NET Core's generator would make it public.</summary>
internal sealed partial class Program;
