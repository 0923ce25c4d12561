using System.Net;

namespace SecurityAudit.Journal.Tests.Query;

public sealed class EventFilterTests
{
    private static readonly JournalEvent Event = JournalEventTests.Of(
        """ "@timestamp":"2026-11-24T04:00:00Z","event.action":"authz_fail","event.outcome":"failure","user.name":"bob","user.target.email":"Ann@"""
        + """shop.example","source.ip":"::ffff:203.0.113.7","message":"Jürgen was denied" """);

    public static TheoryData<EventFilter, bool> Filters => new()
    {
        { new EventFilter(), true },
        { new EventFilter { From = At(4) }, true },
        { new EventFilter { From = At(4).AddTicks(1) }, false },
        { new EventFilter { To = At(4) }, false },
        { new EventFilter { To = At(5) }, true },
        { new EventFilter { Actions = ["authn_*", "authz_fail"] }, true },
        { new EventFilter { Actions = ["authz_"] }, false },
        { new EventFilter { Outcomes = ["success", "Failure"] }, true },
        { new EventFilter { Outcomes = ["success"] }, false },
        { new EventFilter { Users = ["ann@SHOP.example"] }, true },
        { new EventFilter { Users = ["ann"] }, false },
        { new EventFilter { Users = [""] }, false },
        { new EventFilter { Sources = [IPNetwork.Parse("203.0.113.0/24")] }, true },
        { new EventFilter { Sources = [IPNetwork.Parse("2001:db8::/32")] }, false },
        { new EventFilter { Texts = ["nothing", "JÜRGEN"] }, true },
        { new EventFilter { Texts = ["203.0.113.8"] }, false },
        { new EventFilter { Actions = ["authz_fail"], Texts = ["nothing"] }, false },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void AllConditionsMustHoldAndOfOneConditionAny(EventFilter filter, bool isWanted) => Assert.Equal(isWanted, filter.Matches(Event));

    private static DateTimeOffset At(int hour) => new(2026, 11, 24, hour, 0, 0, TimeSpan.Zero);
}
