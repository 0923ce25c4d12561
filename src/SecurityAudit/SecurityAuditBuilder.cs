using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Recording;
using Serilog.Configuration;

namespace SecurityAudit;

/// <summary>What <c>AddSecurityAudit(audit => …)</c> hands to the application.</summary>
public sealed class SecurityAuditBuilder
{
    internal SecurityAuditBuilder(IServiceCollection services, IConfiguration? configuration) =>
        (Services, Configuration) = (services, configuration);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The application's configuration; null where <c>AddSecurityAudit</c> was called on bare services without it.</summary>
    public IConfiguration? Configuration { get; }

    /// <summary>Sets options in code; runs after the configuration section was read.</summary>
    public SecurityAuditBuilder Configure(Action<SecurityAuditOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Sets what only code can give the journal: its signer, anchors, thresholds.</summary>
    public SecurityAuditBuilder ConfigureJournal(Action<JournalOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure(options => configure(options.Journal));
    }

    /// <summary>Adds any Serilog sink beside the journal, as best effort: it gets each event after the journal has it, and may lose it.</summary>
    public SecurityAuditBuilder WriteTo(Action<LoggerSinkConfiguration> sinks)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        Services.AddSingleton(new SinkConfiguration(sinks));
        return this;
    }
}
