using System.CommandLine;
using SecurityAudit.Elasticsearch;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Kibana;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// <c>elasticsearch setup</c>: templates, data stream, retention, the index of checkpoints, an application's key, and the dashboards.
/// </summary>
internal sealed class SetupCommand : Command
{
    private readonly Terminal _terminal;
    private readonly EngineOptions _engine = new();
    private readonly RuleSetup _rules = new();
    private readonly Option<int> _retention = new("--retention-days") { Description = "How long events are kept; 0: until somebody deletes them.", DefaultValueFactory = _ => 365 };
    private readonly Option<bool?> _ingested = new("--event-ingested")
    {
        Description = "Has the engine write event.ingested into each event by an ingest pipeline, which Elastic's detection rules look back by; false: "
            + "no more. As it is set up already when it is not said.",
    };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Prints the requests instead of sending them." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replaces what you have changed since the last setup." };
    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "Makes an API key that can create documents and nothing else, and writes it to this new file, mode 0600.",
    };
    private readonly Option<string?> _kibana = new("--kibana-url", "--dashboards-url")
    {
        Description = "The address of Kibana or of OpenSearch Dashboards: a data view, searches and dashboards of its kind are put there.",
    };

    public SetupCommand(Terminal terminal)
        : base("setup", "Makes what shipping needs: templates, data stream, retention, dashboards. Run it again at any time; what you changed stays.")
    {
        _terminal = terminal;
        _engine.AddTo(this);
        foreach (var option in new Option[] { _retention, _ingested, _dryRun, _overwrite, _keyFile, _kibana })
        {
            Options.Add(option);
        }

        _rules.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = _engine.Read(parsed);
        var keyFile = parsed.GetValue(_keyFile);
        if (File.Exists(keyFile))
        {
            throw new IOException($"The key file '{keyFile}' exists, expected none: a key that an application uses would be lost. Name another file, or move it away.");
        }

        var kibana = KibanaUrl(parsed, options);
        var setUp = new SetupOptions
        {
            RetentionDays = parsed.GetValue(_retention) is > 0 and var days ? days : null,
            EventIngested = parsed.GetValue(_ingested),
            Overwrite = parsed.GetValue(_overwrite),
            KeyName = keyFile is null ? null : $"security-audit-{options.Namespace}",
            Print = parsed.GetValue(_dryRun) ? line => _terminal.Output.WriteLine(line) : null,
        };
        using var connection = new ElasticsearchConnection(options);
        var setup = new ElasticsearchSetup(connection, options, setUp);
        var steps = new List<SetupStep>(await setup.RunAsync(cancellationToken));
        if (setup.Key is { } key)
        {
            WriteKey(keyFile!, key);
        }

        if (kibana is not null)
        {
            steps.AddRange(await KibanaAsync(kibana, options, setUp, setup.Distribution, cancellationToken));
        }

        steps.AddRange(await _rules.RunAsync(parsed, connection, options, setUp, kibana, cancellationToken));
        foreach (var step in steps)
        {
            _terminal.Output.WriteLine(VisibleText.Of($"{step.Outcome.ToString().ToLowerInvariant(),-10} {step.Name}{(step.Detail.Length > 0 ? ": " + step.Detail : "")}"));
        }

        _terminal.Output.Flush();
        return steps.Exists(step => step.Outcome == SetupOutcome.Failed) ? ExitCode.NotSound : ExitCode.Sound;
    }

    private Uri? KibanaUrl(ParseResult parsed, ElasticsearchOptions options)
    {
        if (parsed.GetValue(_kibana) is not { } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            throw new FormatException("--kibana-url is not an address, expected one such as https://kibana.example:5601, without a user name in it.");
        }

        return Credentials.Name(options) is { } secret && !options.AllowPlainHttp && Nodes.IsPlainHttp(url)
            ? throw new FormatException($"--kibana-url is {url}, and {secret} would go there readable for everybody on the way. Use https, or say --allow-plain-http if you must.")
            : url;
    }

    private static async Task<IReadOnlyList<SetupStep>> KibanaAsync(
        Uri kibana, ElasticsearchOptions options, SetupOptions setUp, ElasticsearchDistribution engine, CancellationToken cancellationToken)
    {
        if (setUp.DryRun)
        {
            var product = engine == ElasticsearchDistribution.OpenSearch ? DashboardsProduct.OpenSearchDashboards : DashboardsProduct.Kibana;
            setUp.Print!($"POST {kibana}api/saved_objects/_import\n{KibanaImport.Ndjson(product)}");
            return [];
        }

        using var client = new HttpClient { Timeout = options.RequestTimeout };
        return await new KibanaImport(client, options).RunAsync(kibana, setUp.Overwrite, cancellationToken);
    }

    private static void WriteKey(string path, string key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(path, options);
        file.WriteLine(key);
    }
}
