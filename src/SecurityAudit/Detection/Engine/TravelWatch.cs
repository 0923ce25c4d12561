using System.Net;

namespace SecurityAudit.Detection.Engine;

/// <summary>In two places too soon after one another. Places are kept to a 64th of a degree, under two kilometres.</summary>
internal sealed class TravelWatch(TravelCondition condition, FieldSlots slots, NamedLists lists, ILocationResolver resolver, Action<Exception> failed)
    : ConditionWatch(condition.GroupBy, slots)
{
    private const double EarthRadiusKilometres = 6371;
    private const int PartsOfADegree = 64;

    private readonly CompiledPattern _events = new(condition.Events, slots, lists);
    private readonly int _source = slots.Of(Fields.EventFields.SourceIp.Name);

    public override IReadOnlySet<string>? Actions => _events.Actions;

    public override History History { get; } = new();

    public override bool Concerns(EventView e) => _events.Matches(e);

    public override Finding? Count(EventView e, ulong group, long now)
    {
        if (!IPAddress.TryParse(e.Value(_source), out var address) || Locate(address) is not { } here)
        {
            return null;
        }

        (ulong Value, long At) before = default;
        foreach (var seen in History.Find(group))
        {
            before = seen.At > before.At ? seen : before;
        }

        History.Saw(group, Encode(here), now);
        if (before.At == 0)
        {
            return null;
        }

        var kilometres = Distance(Decode(before.Value), here);
        var hours = double.Max(TimeSpan.FromTicks(now - before.At).TotalHours, 1.0 / 3600);
        return kilometres >= condition.AtLeastKilometres && kilometres / hours > condition.KilometresPerHour ? Finding.Of(e) : null;
    }

    private (double Latitude, double Longitude)? Locate(IPAddress address)
    {
        try
        {
            return resolver.Locate(address) is { } place && double.Abs(place.Latitude) <= 90 && double.Abs(place.Longitude) <= 180 ? place : null;
        }
        catch (Exception failure)
        {
            failed(failure);
            return null;
        }
    }

    private static ulong Encode((double Latitude, double Longitude) place) =>
        ((ulong)double.Round((place.Latitude + 90) * PartsOfADegree) << 32) | (ulong)double.Round((place.Longitude + 180) * PartsOfADegree);

    private static (double Latitude, double Longitude) Decode(ulong place) =>
        (((place >> 32) / (double)PartsOfADegree) - 90, ((place & uint.MaxValue) / (double)PartsOfADegree) - 180);

    /// <summary>The great circle's length, by the haversine formula.</summary>
    private static double Distance((double Latitude, double Longitude) one, (double Latitude, double Longitude) other)
    {
        var (a, b) = (double.DegreesToRadians(one.Latitude), double.DegreesToRadians(other.Latitude));
        var north = double.Sin((b - a) / 2);
        var east = double.Sin(double.DegreesToRadians(other.Longitude - one.Longitude) / 2);
        return 2 * EarthRadiusKilometres * double.Asin(double.Sqrt(double.Min(1, (north * north) + (double.Cos(a) * double.Cos(b) * east * east))));
    }
}
