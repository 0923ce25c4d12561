using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests.Faults;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Refusal;

public sealed class FullVolumeTests
{
    private const int Attempts = 6000;

    [Fact]
    public async Task WhereTheOwnerChoseRefuseEveryWrongPasswordThatIsAnsweredOnAVolumeThatFillsUpIsRecorded()
    {
        using var volume = await MountedVolume.TmpfsAsync("20m");
        var directory = Path.Combine(volume.Path, "audit");
        var ballast = Path.Combine(volume.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[14 * 1024 * 1024], TestContext.Current.CancellationToken);
        int answered, refused;
        await using (var host = await Start(directory))
        {
            await host.Existing();
            var answers = await Guess(host);
            answered = answers.Count(status => status == HttpStatusCode.Unauthorized);
            refused = answers.Count(status => status == HttpStatusCode.ServiceUnavailable);

            Assert.Equal(Attempts, answered + refused);
            Assert.True(answered > 0 && refused > 0, $"{answered} answered, {refused} refused");
            // The volume is still full: what was answered is on disk now.
            Assert.InRange(Recorded(directory), answered, Attempts);
            File.Delete(ballast);
            var journal = host.Services.GetRequiredService<JournalWriter>();
            while (!journal.IsAvailable)
            {
                await journal.WaitForDurableAsync(journal.DurableSize, TestContext.Current.CancellationToken);
            }

            Assert.Equal(HttpStatusCode.Unauthorized, await Guess(host, 0));
        }

        Assert.InRange(Recorded(directory), answered + 1, Attempts + 1);
        Assert.Empty(JournalVerifier.Verify(directory).Findings);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Attempts} wrong passwords: {answered} answered with 401, {refused} with 503, {Recorded(directory)} recorded.");
    }

    private static Task<IdentityHost> Start(string directory) => IdentityHost.Start(
        configure: audit =>
        {
            BrokenJournal.Refuse(audit);
            audit.Configure(options => options.Journal.Directory = directory);
        },
        identity: services =>
        {
            IdentityHost.AddCookieIdentity(services);
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1);
        },
        map: app => app.MapPost("/sign-in", async (string password, SignInManager<ShopUser> manager) =>
            Results.Json("no", statusCode: (await manager.PasswordSignInAsync("ann", password, isPersistent: false, lockoutOnFailure: false)).Succeeded ? 200 : 401)));

    private static async Task<IReadOnlyList<HttpStatusCode>> Guess(IdentityHost host)
    {
        var answers = new HttpStatusCode[Attempts];
        await Parallel.ForAsync(0, Attempts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => answers[i] = await Guess(host, i));
        return answers;
    }

    private static async Task<HttpStatusCode> Guess(IdentityHost host, int i)
    {
        using var answer = await host.Client.PostAsync($"/sign-in?password=guess{i}", null);
        return answer.StatusCode;
    }

    private static int Recorded(string directory) => JournalEvents.Read(directory).Count(e => e.Text("event.action") == "authn_login_fail");
}
