using SecurityAudit.Capture.Identity.Trail;

namespace SecurityAudit.Tests.Identity.Trail;

/// <summary>Where another container keeps the application's hasher as it is, no comparison of a hash is seen.</summary>
public sealed class UnseenHashTests
{
    [Theory]
    [InlineData(true, "no password set")]
    [InlineData(false, "wrong password, or none set")]
    public void ThatAnAccountHasNoPasswordIsSaidOnlyWhereEachComparisonWouldBeSeen(bool seesHashes, string reason)
    {
        var trail = new IdentityTrail(caller: null, seesHashes);
        trail.See(new NameLookedUp(1, "ann", new AuditUser("id-ann", "ann")));
        trail.See(new PasswordChecked(2, "failure"));

        var failed = Assert.Single(trail.See(new Answered(3, 401, IsLast: true)).Events);

        Assert.Equal(("authn_login_fail", reason, "id-ann"), (failed.Action, failed.Reason, failed.User!.Id));
    }
}
