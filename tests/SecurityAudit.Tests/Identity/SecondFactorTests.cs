using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Tests.Identity;

public sealed class SecondFactorTests
{
    private string[] _codes = [];

    [Fact]
    public async Task APasswordThatNeedsASecondFactorIsAChallenge()
    {
        await using var host = await IdentityHost.Start();
        var ann = await Protected(host);

        await host.Login("ann");

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_mfa_challenge", ann.Id), (recorded.Action, recorded.User!.Id));
    }

    [Fact]
    public async Task AnAcceptedCodeIsRecordedAndSignsIn()
    {
        await using var host = await IdentityHost.Start();
        var ann = await Protected(host);
        var code = string.Empty;
        await host.WithUsers(async users => code = Totp.Of((await users.GetAuthenticatorKeyAsync(ann))!));
        await host.Login("ann");
        host.Audit.Clear();

        await host.WithSignIn(signIn => signIn.TwoFactorAuthenticatorSignInAsync(code, isPersistent: false, rememberClient: false));

        Assert.Equal(["authn_mfa_success", "authn_login_success"], host.Audit.Actions);
        Assert.All(host.Audit.Events, recorded => Assert.Equal((ann.Id, "ann"), (recorded.User!.Id, recorded.User.Name)));
        Assert.Equal(true, host.Audit.The("authn_login_success")["security_audit.authn.mfa"]);
    }

    [Fact]
    public async Task ARefusedCodeIsRecordedWithTheAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await Protected(host);
        await host.Login("ann");
        host.Audit.Clear();

        await host.WithSignIn(signIn => signIn.TwoFactorAuthenticatorSignInAsync("000000", isPersistent: false, rememberClient: false));

        var recorded = Assert.Single(host.Audit.Events);
        Assert.Equal(("authn_mfa_fail", "wrong code"), (recorded.Action, recorded.Reason));
        Assert.Equal((ann.Id, "ann"), (recorded.User!.Id, recorded.User.Name));
    }

    [Fact]
    public async Task WrongCodesLockTheAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await Protected(host);
        await host.Login("ann");
        host.Audit.Clear();

        for (var i = 0; i < 3; i++)
        {
            await host.WithSignIn(signIn => signIn.TwoFactorAuthenticatorSignInAsync("000000", isPersistent: false, rememberClient: false));
        }

        Assert.Equal(3, host.Audit.Actions.Count(action => action == "authn_mfa_fail"));
        var locked = host.Audit.The("authn_login_lock");
        Assert.Equal(("maxretries", ann.Id), (locked.Reason, locked.Target!.Id));
    }

    [Fact]
    public async Task ARecoveryCodeIsRecordedAsUsed()
    {
        await using var host = await IdentityHost.Start();
        var ann = await Protected(host);
        await host.Login("ann");
        host.Audit.Clear();

        await host.WithSignIn(signIn => signIn.TwoFactorRecoveryCodeSignInAsync(_codes[0]));

        Assert.Equal(["authn_mfa_success", "authn_recovery_code_used", "authn_login_success"], host.Audit.Actions);
        Assert.Equal(ann.Id, host.Audit.The("authn_recovery_code_used").User!.Id);
        Assert.DoesNotContain(host.Audit.Events, recorded => recorded.ToString().Contains(_codes[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARefusedRecoveryCodeIsRecordedWithTheAccount()
    {
        await using var host = await IdentityHost.Start();
        var ann = await Protected(host);
        await host.Login("ann");
        host.Audit.Clear();

        await host.WithSignIn(signIn => signIn.TwoFactorRecoveryCodeSignInAsync("no-such-code"));

        var recorded = host.Audit.The("authn_mfa_fail");
        Assert.Equal(("wrong recovery code", ann.Id), (recorded.Reason, recorded.User!.Id));
    }

    private async Task<ShopUser> Protected(IdentityHost host) => await host.Existing(prepare: async (users, ann) =>
    {
        await users.ResetAuthenticatorKeyAsync(ann);
        await users.SetTwoFactorEnabledAsync(ann, enabled: true);
        _codes = [.. (await users.GenerateNewTwoFactorRecoveryCodesAsync(ann, 3))!];
    });
}
