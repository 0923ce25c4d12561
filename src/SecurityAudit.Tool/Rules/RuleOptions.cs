using System.Collections.Immutable;
using System.CommandLine;
using Microsoft.Extensions.Configuration;
using SecurityAudit.Elasticsearch.Rules;

namespace SecurityAudit.Tool.Rules;

/// <summary>Which rules, and what stands for the lists that they name: options of every command that works with rules.</summary>
internal sealed class RuleOptions
{
    private readonly Option<string[]> _config = new("--config")
    {
        Description = "The application's appsettings.json: its section SecurityAudit:Detection has the rules that you changed and your own. "
            + "Can be repeated, a later one goes before.",
    };
    private readonly Option<string[]> _administrators = new("--administrator-role")
    {
        Description = "A role that makes an administrator, as the application writes it; without any, the usual ones (Admin, Administrator, Owner …). Can be repeated.",
    };
    private readonly Option<string[]> _honeytokens = new("--honeytoken") { Description = "The name of an account, or a path, that nobody has a reason to use. Can be repeated." };
    private readonly Option<string[]> _keys = new("--pseudonym-key")
    {
        Description = "A node's keys/pseudonym.key, by which the names of honeytokens are hashed as in its journal. Can be repeated.",
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _config, _administrators, _honeytokens, _keys })
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="IOException">A file is not there.</exception>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public IConfiguration Configuration(ParseResult parsed)
    {
        var builder = new ConfigurationBuilder();
        foreach (var path in parsed.GetValue(_config) ?? [])
        {
            builder.AddJsonFile(Path.GetFullPath(path), optional: false);
        }

        try
        {
            return builder.Build();
        }
        catch (InvalidDataException fault)
        {
            throw new FormatException($"{fault.Message} {fault.InnerException?.Message} Expected JSON as in an appsettings.json.", fault);
        }
    }

    /// <summary>The rules that are on, with the lists put in.</summary>
    public RuleSet Read(ParseResult parsed) => RuleSet.Read(Configuration(parsed), ContentRoot(parsed), Lists(parsed));

    /// <summary>Where a relative folder of rules begins: beside the first of the files.</summary>
    public string ContentRoot(ParseResult parsed) =>
        parsed.GetValue(_config) is [var first, ..] ? Path.GetDirectoryName(Path.GetFullPath(first))! : Directory.GetCurrentDirectory();

    public RuleLists Lists(ParseResult parsed) => new(Values(parsed, _administrators), Values(parsed, _honeytokens), Values(parsed, _keys));

    private static ImmutableArray<string> Values(ParseResult parsed, Option<string[]> option) => [.. parsed.GetValue(option) ?? []];
}
