using System.CommandLine;
using SecurityAudit.Elasticsearch;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// Which engine, as whom, and where in it: the options that every command here takes. Secrets come from the environment too and are never
/// shown.
/// </summary>
internal sealed class EngineOptions
{
    private const string ApiKeyVariable = "SECURITY_AUDIT_ELASTICSEARCH_API_KEY";
    private const string PasswordVariable = "SECURITY_AUDIT_ELASTICSEARCH_PASSWORD";

    private readonly Option<string?> _url = new("--url") { Description = "The engine's address, e.g. https://elastic.example:9200; several separated by commas." };
    private readonly Option<string?> _cloudId = new("--cloud-id") { Description = "Elastic Cloud's name of a deployment, instead of --url." };
    private readonly Option<string?> _apiKey = new("--api-key") { Description = $"The API key; better in the environment variable {ApiKeyVariable}." };
    private readonly Option<string?> _username = new("--username") { Description = "The user, where there is no API key." };
    private readonly Option<string?> _password = new("--password") { Description = $"The user's password; better in the environment variable {PasswordVariable}." };
    private readonly Option<string?> _fingerprint = new("--fingerprint")
    {
        Description = "The SHA-256 fingerprint of the server's certificate or of its authority, as Elasticsearch prints it at its first start.",
    };
    private readonly Option<bool> _plainHttp = new("--allow-plain-http")
    {
        Description = "Sends the API key or the password over http:// to another machine too, readable for everybody on the way.",
    };
    private readonly Option<string> _namespace = new("--namespace")
    {
        Description = "The last part of the data stream's name, as the application has it.",
        DefaultValueFactory = _ => "default",
    };
    private readonly Option<ElasticsearchDistribution> _distribution = new("--distribution") { Description = "Elasticsearch or OpenSearch; asked for when it is not said." };
    private readonly Option<ElasticsearchLayout> _layout = new("--layout") { Description = "DataStream or IndexPerPeriod, as the application has it." };
    private readonly Option<ElasticsearchPeriod> _period = new("--period")
    {
        Description = "Day, Month or Year, for --layout IndexPerPeriod.",
        DefaultValueFactory = _ => ElasticsearchPeriod.Month,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _url, _cloudId, _apiKey, _username, _password, _fingerprint, _plainHttp, _namespace, _distribution, _layout, _period })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Was an engine named?</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_url) is not null || parsed.GetValue(_cloudId) is not null;

    /// <exception cref="FormatException">Something in them cannot be; the message lists all of it.</exception>
    public ElasticsearchOptions Read(ParseResult parsed)
    {
        var username = parsed.GetValue(_username);
        var options = new ElasticsearchOptions
        {
            Url = parsed.GetValue(_url),
            CloudId = parsed.GetValue(_cloudId),
            Username = username,
            Password = parsed.GetValue(_password) ?? (username is null ? null : Variable(PasswordVariable)),
            ApiKey = parsed.GetValue(_apiKey) ?? (username is null ? Variable(ApiKeyVariable) : null),
            Fingerprint = parsed.GetValue(_fingerprint),
            AllowPlainHttp = parsed.GetValue(_plainHttp),
            Namespace = parsed.GetRequiredValue(_namespace),
            Distribution = parsed.GetValue(_distribution),
            Layout = parsed.GetValue(_layout),
            Period = parsed.GetValue(_period),
        };
        var found = new ElasticsearchOptionsValidator().Validate(null, options);
        return found.Succeeded ? options : throw new FormatException(string.Join(' ', found.Failures!).Replace("SecurityAudit:Elasticsearch:", "", StringComparison.Ordinal));
    }

    /// <summary>Asks the engine what it is.</summary>
    /// <exception cref="FormatException">Something in the options cannot be; the message lists all of it.</exception>
    /// <exception cref="IOException">It does not answer, or not as an engine does.</exception>
    public async Task<NamedEngine> AskAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = Read(parsed);
        var connection = new ElasticsearchConnection(options);
        try
        {
            return new NamedEngine(connection, options, await BulkTarget.FindAsync(connection, options, cancellationToken));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
