using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>Not a mock: the SDK's own template, the packed package, the one line.</summary>
public sealed class AdoptionTests(PackedPackages packages) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("adoption-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AnApplicationMadeFromTheTemplateRecordsItsSignInsAfterOneLine()
    {
        packages.WriteConfiguration(_folder);
        await ProcessRun.SucceedAsync(_folder, "dotnet", "new", "webapp", "--auth", "Individual", "--name", "Adopter", "--output", ".");
        await ProcessRun.SucceedAsync(_folder, "dotnet", "add", "package", "SecurityAudit", "--version", PackedPackages.Version);
        AddTheOneLine();
        await ProcessRun.SucceedAsync(_folder, "dotnet", "build", "-v", "q", "-nologo");

        await using (var app = await ServedApp.StartAsync(_folder, Path.Combine("bin", "Debug", "net10.0", "Adopter.dll")))
        {
            await app.PostAsync("/Identity/Account/Register", ("Input.Email", "ann@example.org"), ("Input.Password", "Passw0rd!"), ("Input.ConfirmPassword", "Passw0rd!"));
            await app.PostAsync("/Identity/Account/Login", ("Input.Email", "ann@example.org"), ("Input.Password", "wrong"));
            await app.PostAsync("/Identity/Account/Login", ("Input.Email", "nobody@example.org"), ("Input.Password", "wrong"));
            await app.UntilAsync(() => Recorded("authn_login_fail").Count >= 2, "two failed sign-ins in the journal");
            for (var attempt = 0; attempt < 13; attempt++)
            {
                await app.PostAsync("/Identity/Account/Login", ("Input.Email", $"guess-{attempt % 5}@example.org"), ("Input.Password", "Winter-2026"));
            }

            await app.UntilAsync(() => Recorded("alert_password_spraying").Count > 0, "an alert about the spray in the journal");
        }

        Assert.Equal("ann@example.org", Text(Assert.Single(Recorded("user_created")), "user.target.name"));
        var failed = Recorded("authn_login_fail");
        Assert.Equal(15, failed.Count);
        Assert.Equal("127.0.0.1", Text(Assert.Single(Recorded("alert_password_spraying")), "source.ip"));
        Assert.Equal("ann@example.org", Text(failed[0], "user.name"));
        Assert.Equal("127.0.0.1", Text(failed[0], "source.ip"));
        Assert.Null(Text(failed[1], "user.name"));
        Assert.NotNull(Text(failed[1], "user.hash"));
        Assert.Equal(JournalVerdict.Consistent, JournalVerifier.Verify(Path.Combine(_folder, "audit")).Verdict);
    }

    private void AddTheOneLine()
    {
        var program = Path.Combine(_folder, "Program.cs");
        const string Anchor = "var builder = WebApplication.CreateBuilder(args);";
        var source = File.ReadAllText(program);
        Assert.Contains(Anchor, source, StringComparison.Ordinal);
        File.WriteAllText(program, source.Replace(Anchor, Anchor + "\nbuilder.AddSecurityAudit();", StringComparison.Ordinal));
    }

    private List<JsonElement> Recorded(string action)
    {
        var found = new List<JsonElement>();
        foreach (var log in JournalDirectory.Logs(Path.Combine(_folder, "audit")))
        {
            using var reader = new JournalReader(log.Directory);
            while (reader.TryRead(out var line))
            {
                var recorded = JsonDocument.Parse(line.Utf8).RootElement.Clone();
                if (Text(recorded, "event.action") == action)
                {
                    found.Add(recorded);
                }
            }
        }

        return found;
    }

    private static string? Text(JsonElement recorded, string field) => recorded.TryGetProperty(field, out var value) ? value.GetString() : null;
}
