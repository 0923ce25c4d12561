using SecurityAudit.Detection;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Detection;

public sealed class EventDimensionTests
{
    [Fact]
    public void ARuleNamesTheFieldByWhichItGroupsOrTellsApart()
    {
        var e = (Some.Event("order.place") with { User = Some.User(), Target = Some.User("bob"), Reason = "denied" })
            .With(EventFields.SourceIp, "2001:db8::7").With(EventFields.RuleName, "Staff");

        Assert.Equal(
            ["2001:db8::/64", "id-ann", "ann", "id-bob", "bob", "order.place", "denied", "Staff", null],
            new Field<string>[]
            {
                EventFields.SourceIp, EventFields.User.Id, EventFields.User.Name, EventFields.Target.Id, EventFields.Target.Name, EventFields.Action,
                EventFields.Reason, EventFields.RuleName, EventFields.Path,
            }.Select(field => new EventDimension(field).KeyOf(e)));
    }
}
