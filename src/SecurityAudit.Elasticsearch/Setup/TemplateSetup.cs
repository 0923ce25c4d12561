using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>Puts a template into the engine with the hash of what was installed, and leaves alone what its owner changed since.</summary>
internal sealed class TemplateSetup(SetupRequests requests, MissingTypes missing, bool overwrite)
{
    /// <summary>Null when it was printed.</summary>
    /// <param name="name">For people.</param>
    /// <param name="path">Where it is put.</param>
    /// <param name="list">The member of an answer that lists such templates.</param>
    /// <param name="inner">The member of its elements that is the template.</param>
    /// <param name="make">Makes it, without the types that are missing so far.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SetupStep?> PutAsync(string name, string path, string list, string inner, Func<JsonObject> make, CancellationToken cancellationToken)
    {
        if (requests.IsPrinted(HttpMethod.Put, path, Marked(make())))
        {
            return null;
        }

        var there = await requests.GetAsync(path, cancellationToken);
        var existing = there.IsSuccess ? JsonNode.Parse(there.Body.Span)?[list]?[0]?[inner]?.AsObject() : null;
        var installed = (string?)existing?["_meta"]?["security_audit"]?["hash"];
        if (existing is not null && !overwrite && installed != CanonicalJson.Hash(existing))
        {
            return new SetupStep(
                name, SetupOutcome.Kept,
                installed is null ? "it was not made by this command; --overwrite replaces it" : "you changed it; --overwrite replaces it");
        }

        return await PutWithAvailableTypesAsync(path, make, installed, existing is not null, cancellationToken) switch
        {
            null => new SetupStep(name, SetupOutcome.Unchanged),
            { IsSuccess: true } => new SetupStep(name, existing is null ? SetupOutcome.Created : SetupOutcome.Updated, missing.ToString()),
            var answer => new SetupStep(name, SetupOutcome.Failed, answer.Error),
        };
    }

    /// <summary>Null when the engine has it already. A type that the engine lacks is replaced by the plain one of its family.</summary>
    private async Task<Response?> PutWithAvailableTypesAsync(string path, Func<JsonObject> make, string? installed, bool exists, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (exists && !overwrite && missing.Explain(() => CanonicalJson.Hash(make()) == installed))
            {
                return null;
            }

            var answer = await requests.PutAsync(path, Marked(make()), cancellationToken);
            if (answer.IsSuccess || !missing.TryLearn(answer))
            {
                return answer;
            }
        }
    }

    private static JsonObject Marked(JsonObject body)
    {
        var hash = CanonicalJson.Hash(body);
        body["_meta"] = new JsonObject
        {
            ["description"] = "Made by security-audit elasticsearch setup. Put changes into the component securityaudit.events@custom.",
            ["security_audit"] = new JsonObject { ["version"] = IndexTemplates.Version, ["hash"] = hash },
        };
        return body;
    }
}
