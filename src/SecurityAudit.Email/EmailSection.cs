using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecurityAudit.Configuration;
using SecurityAudit.Hosting;

namespace SecurityAudit.Email;

/// <summary>Reads <c>SecurityAudit:Alerts:Email</c>, and notes what it cannot read.</summary>
internal sealed class EmailSection(IConfiguration? configuration) : IConfigureOptions<AlertEmailOptions>
{
    /// <summary>What was wrong when the section was read.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    public void Configure(AlertEmailOptions options)
    {
        if (configuration?.GetSection(Extensions.EmailSection) is not { } found || !found.Exists())
        {
            return;
        }

        var faults = new List<string>();
        var section = new SectionReader(found, faults);
        section.Text(nameof(options.Name), value => options.Name = value);
        section.Text(nameof(options.Host), value => options.Host = value);
        section.Value<int>(nameof(options.Port), value => options.Port = value);
        section.Enumeration<AlertEmailSecurity>(nameof(options.Security), value => options.Security = value);
        section.Text(nameof(options.AuthorityFile), value => options.AuthorityFile = value);
        section.Text(nameof(options.Username), value => options.Username = value);
        section.Text(nameof(options.Password), value => options.Password = value);
        section.Text(nameof(options.From), value => options.From = value);
        section.Texts(nameof(options.To), options.To);
        section.Enumeration<EventSeverity>(nameof(options.MinimumSeverity), value => options.MinimumSeverity = value);
        section.End();
        Faults = faults;
    }
}
