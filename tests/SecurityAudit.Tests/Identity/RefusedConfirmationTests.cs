using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace SecurityAudit.Tests.Identity;

/// <summary>Codes that confirm an address or a telephone number: refused ones, and mails that bring a new one.</summary>
public sealed class RefusedConfirmationTests
{
    private const string Address = "ann@example.org";

    private static readonly string Forged = WebEncoders.Base64UrlEncode("forged"u8.ToArray());

    private static readonly Dictionary<string, Func<UserManager<ShopUser>, ShopUser, Task<IdentityResult>>> Confirmations = new(StringComparer.Ordinal)
    {
        ["confirm_email"] = (users, ann) => users.ConfirmEmailAsync(ann, "forged"),
        ["email"] = (users, ann) => users.ChangeEmailAsync(ann, "mallory@example.org", "forged"),
        ["change_phone_number"] = (users, ann) => users.ChangePhoneNumberAsync(ann, "+44-20-7946", "000000"),
    };

    private static string? Of(SecurityEvent recorded, string attribute) => recorded.Attributes.SingleOrDefault(pair => pair.Key == attribute).Value;

    [Theory]
    [InlineData("confirm_email")]
    [InlineData("email")]
    [InlineData("change_phone_number")]
    public async Task ACodeThatUserManagerRefusesIsOneEventWithWhatItWasForAndTheAccount(string kind)
    {
        await using var host = await IdentityHost.Start();
        var ann = await host.Existing();

        await host.WithUsers(async users => Assert.False((await Confirmations[kind](users, (await users.FindByIdAsync(ann.Id))!)).Succeeded));

        var refused = Assert.Single(host.Audit.Events);
        Assert.Equal(
            (EventOutcome.Failure, "InvalidToken", ann.Id, kind, "account"),
            (refused.Outcome, refused.Reason, refused.Target!.Id, refused["security_audit.change.kind"], Of(refused, "inferred")));
        var journal = await host.Journal();
        Assert.DoesNotContain("forged", journal, StringComparison.Ordinal);
        Assert.DoesNotContain("mallory", journal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "confirm_email")]
    [InlineData("&changedEmail=mallory@example.org", "email")]
    public async Task AConfirmationThatIdentitysEndpointRefusesIsOneEventWithTheAccount(string change, string kind)
    {
        await using var host = await IdentityHost.Start(identity: IdentityHost.AddApiIdentity);
        var ann = await host.Existing();

        var answer = await host.Send(() => host.Client.GetAsync($"/confirmEmail?userId={ann.Id}&code={Forged}{change}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var refused = Assert.Single(host.Audit.Events);
        Assert.Equal(
            (EventOutcome.Failure, "InvalidToken", ann.Id, kind),
            (refused.Outcome, refused.Reason, refused.Target!.Id, refused["security_audit.change.kind"]));
        Assert.DoesNotContain("mallory", await host.Journal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConfirmationOfNobodysAccountIsOneDenialWithoutAnAccount()
    {
        await using var host = await IdentityHost.Start(identity: IdentityHost.AddApiIdentity);
        await host.Existing();

        await host.Send(() => host.Client.GetAsync($"/confirmEmail?userId=nobody&code={Forged}"));

        var refused = Assert.Single(host.Audit.Events);
        Assert.Equal(("authz_fail", "the application answered 401", null), (refused.Action, refused.Reason, refused.Target));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AConfirmationMailThatIsAskedForAgainIsOneEventWithTheAccount(bool byEndpoint)
    {
        await using var host = await IdentityHost.Start(identity: IdentityHost.AddApiIdentity);
        var ann = await host.Existing();
        await host.WithUsers(async users => await users.SetUserNameAsync((await users.FindByIdAsync(ann.Id))!, Address));
        host.Audit.Clear();

        _ = byEndpoint
            ? await host.Send(() => host.Client.PostAsJsonAsync("/resendConfirmationEmail", new { email = Address }))
            : await host.WithUsers(async users => await users.GenerateEmailConfirmationTokenAsync((await users.FindByEmailAsync(Address))!));

        var asked = Assert.Single(host.Audit.Events);
        Assert.Equal(("user_confirmation_requested", Address), (asked.Action, asked.Target!.Name));
    }
}
