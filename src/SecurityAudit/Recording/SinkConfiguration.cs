using Serilog.Configuration;

namespace SecurityAudit.Recording;

/// <summary>One <c>audit.WriteTo(…)</c> of the application.</summary>
internal sealed record SinkConfiguration(Action<LoggerSinkConfiguration> Configure);
