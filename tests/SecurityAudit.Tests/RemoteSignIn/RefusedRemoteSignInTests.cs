using System.Net;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.RemoteSignIn;

/// <summary>Sign-ins at a real identity provider, with the journal down and the owner's choice Refuse.</summary>
public sealed class RefusedRemoteSignInTests
{
    private static async Task<Uri> Asked(Shop shop, string scheme) => await shop.Ask(await shop.Begin(scheme));

    /// <summary>503, and neither a session nor anything else in it.</summary>
    private static async Task AssertRefused(Shop shop, Uri callback)
    {
        using var answer = await shop.App.Client.GetAsync(callback, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.Null(answer.Headers.Location);
    }

    [Theory]
    [InlineData("oidc", false)]
    [InlineData("oauth", false)]
    [InlineData("oidc", true)]
    [InlineData("oauth", true)]
    public async Task WhereTheOwnerChoseRefuseNoSessionIsIssuedAtTheCallbackWhileTheJournalIsDown(string scheme, bool isNoticed)
    {
        await using var shop = await Shop.Start(audit: BrokenJournal.Refuse);
        var callback = await Asked(shop, scheme);
        var broken = await (isNoticed ? BrokenJournal.Down(shop.App.Services) : BrokenJournal.Silently(shop.App.Services));

        await AssertRefused(shop, callback);

        await broken.Mend();
        Assert.Equal(HttpStatusCode.Redirect, await shop.SignIn(scheme));
        // What was begun before anybody had noticed is written when the journal is back: an event too many, never a session too many.
        var events = await shop.App.Events();
        foreach (var action in (string[])["authn_login_success", "session_created"])
        {
            Assert.InRange(events.Count(e => e.Text("event.action") == action && e.Text("user.name") == "ann"), 1, isNoticed ? 1 : 2);
        }
    }

    [Theory]
    [InlineData("oidc")]
    [InlineData("oauth")]
    public async Task WhereTheOwnerChoseRefuseNoRefusalOfTheProviderIsAnsweredUnrecorded(string scheme)
    {
        await using var shop = await Shop.Start(audit: BrokenJournal.Refuse);
        shop.Provider.User = null;
        var callback = await Asked(shop, scheme);
        var broken = await BrokenJournal.Down(shop.App.Services);

        await AssertRefused(shop, callback);
        await AssertRefused(shop, Shop.With(callback, "state", "forged"));

        await broken.Mend();
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, await shop.Return(await Asked(shop, scheme)));
        await shop.App.Event("authn_external_login_fail");
    }
}
