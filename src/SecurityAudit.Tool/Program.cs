using SecurityAudit.Tool;
using SecurityAudit.Tool.Terminals;

var commands = new AuditCommandLine(Terminal.Standard());
using var interruption = new Interruption();
return await interruption.RunAsync(stop => commands.RunAsync(args, stop));

/// <summary>Said here, or ASP.NET Core's generator would make it public.</summary>
internal sealed partial class Program;
