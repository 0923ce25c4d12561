using SecurityAudit.Tool;
using SecurityAudit.Tool.Terminals;

return await new AuditCommandLine(Terminal.System()).RunAsync(args);
