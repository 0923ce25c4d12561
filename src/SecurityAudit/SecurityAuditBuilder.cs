using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.SignIns;
using SecurityAudit.Capture.Tables;
using SecurityAudit.Journal;
using SecurityAudit.Recording;
using Serilog.Configuration;

namespace SecurityAudit;

/// <summary>What <c>AddSecurityAudit(audit => …)</c> hands to the application.</summary>
public sealed class SecurityAuditBuilder
{
    internal SecurityAuditBuilder(IServiceCollection services, IConfiguration? configuration, string? tool) =>
        (Services, Configuration, Tool) = (services, configuration, tool);

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The application's configuration; null where <c>AddSecurityAudit</c> was called on bare services without it.</summary>
    public IConfiguration? Configuration { get; }

    /// <summary>
    /// True when this process is a tool that looks at the application and does not run it, such as build-time OpenAPI or <c>dotnet ef</c>:
    /// nothing is recorded, and whatever ships or answers the journal stays out.
    /// </summary>
    public bool IsDesignTime => Tool is not null;

    /// <summary>The tool that this process is; null when the application runs.</summary>
    internal string? Tool { get; }

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

    /// <summary>
    /// Names a class of an Entity Framework Core model whose rows say who may do what: memberships, grants, settings of tenants. What is
    /// added, changed and removed there is recorded as <c>authz_change</c> with the whole row before and after, whoever saves it.
    /// </summary>
    /// <typeparam name="T">The class that is mapped, or one that mapped classes derive from; the parts that they own are tracked with
    /// them.</typeparam>
    /// <remarks>
    /// Values of properties with a sensitive name (<see cref="SecurityAuditOptions.SensitiveNames"/>) are left out, the properties are named
    /// where they change. Of <c>ExecuteUpdate</c>, <c>ExecuteDelete</c> and SQL through the context the table, the columns and the number of
    /// rows are recorded. What goes to the database past Entity Framework Core is not seen. May be called any number of times.
    /// </remarks>
    public SecurityAuditBuilder Track<T>()
        where T : class
    {
        Services.AddSingleton(new TrackedEntity(typeof(T)));
        return this;
    }

    /// <summary>
    /// Adds any Serilog sink beside the journal, as best effort: it gets each event after the journal has it, and may lose it.
    /// </summary>
    public SecurityAuditBuilder WriteTo(Action<LoggerSinkConfiguration> sinks)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        Services.AddSingleton(new SinkConfiguration(sinks));
        return this;
    }

    /// <summary>Tells alerts on a channel of the application's own, at least once each, from the journal.</summary>
    public SecurityAuditBuilder AlertTo(IAlertSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Services.AddSingleton(sink);
        return this;
    }

    /// <summary>The same with a class that the container makes, once.</summary>
    /// <typeparam name="T">The channel.</typeparam>
    public SecurityAuditBuilder AlertTo<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IAlertSink
    {
        Services.AddSingleton<IAlertSink, T>();
        return this;
    }

    /// <summary>Tells alerts by signed HTTP requests; the same as one more entry in <c>SecurityAudit:Alerts:Webhooks</c>.</summary>
    /// <param name="url">Where to: an absolute <c>https</c> address.</param>
    /// <param name="configure">Sets the rest: the secret, the shape, the name.</param>
    public SecurityAuditBuilder AlertByWebhook(string url, Action<AlertWebhookOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        var webhook = new AlertWebhookOptions { Url = url };
        configure?.Invoke(webhook);
        return Configure(options => options.Alerts.Webhooks.Add(webhook));
    }

    /// <summary>
    /// Says that the application tells of every sign-in of its own code, with <see cref="ISecurityAudit.SignInFailed"/> and
    /// <see cref="ISecurityAudit.SignedIn"/>: what no hook sees is then covered, on the application's word, and coverage says so.
    /// </summary>
    public SecurityAuditBuilder SignInsAreReported()
    {
        Services.AddSingleton<SignInsReported>();
        return this;
    }
}
