using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SecurityAudit.Alerts;
using SecurityAudit.Configuration;
using SecurityAudit.Email;
using SecurityAudit.Hosting;

namespace SecurityAudit.Tool.Alerts;

/// <summary>The channels that an application's configuration names, read as the application reads it.</summary>
internal sealed record ConfiguredChannels(IReadOnlyList<IAlertSink> Sinks, TimeSpan Timeout)
{
    private const string Section = "SecurityAudit:Alerts";

    /// <param name="place">The folder with <c>appsettings.json</c>, or one such file.</param>
    /// <param name="environment">Whose <c>appsettings.{environment}.json</c> counts, too.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="FormatException">Something in it cannot be; the message lists all of it.</exception>
    public static ConfiguredChannels Read(string place, string environment)
    {
        var configuration = Load(place, environment);
        var faults = new List<string>();
        var alerts = new AlertOptions();
        AlertSection.Read(new SectionReader(configuration.GetSection(Section), faults), alerts);
        faults.AddRange(AlertOptionsCheck.Faults(alerts).Select(fault => $"{Section}:{fault}"));
        var email = Email(configuration, faults);
        if (faults.Count > 0)
        {
            throw new FormatException(string.Join(Environment.NewLine, faults));
        }

        return new ConfiguredChannels([.. AlertWebhooks.Of(alerts, TimeProvider.System), .. email], alerts.Timeout);
    }

    private static IEnumerable<IAlertSink> Email(IConfiguration configuration, List<string> faults)
    {
        if (!configuration.GetSection(Extensions.EmailSection).Exists())
        {
            return [];
        }

        var section = new EmailSection(configuration);
        var options = new AlertEmailOptions();
        section.Configure(options);
        var found = new EmailOptionsValidator(section).Validate(null, options);
        if (found.Failed)
        {
            faults.AddRange(found.Failures);
        }

        return [new EmailSink(options, TimeProvider.System, NullLogger.Instance)];
    }

    private static IConfigurationRoot Load(string place, string environment)
    {
        var isFolder = Directory.Exists(place);
        var file = Path.GetFullPath(isFolder ? Path.Combine(place, "appsettings.json") : place);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no '{file}', expected the application's configuration. Name its folder or the file with --config.");
        }

        var builder = new ConfigurationBuilder().AddJsonFile(file, optional: false);
        if (isFolder)
        {
            builder.AddJsonFile(Path.Combine(Path.GetDirectoryName(file)!, $"appsettings.{environment}.json"), optional: true);
        }

        try
        {
            return builder.AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException error)
        {
            throw new FormatException($"{error.Message} {error.InnerException?.Message}".TrimEnd(), error);
        }
    }
}
