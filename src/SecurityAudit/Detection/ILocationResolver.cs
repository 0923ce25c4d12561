using System.Net;

namespace SecurityAudit.Detection;

/// <summary>
/// Where an address is, from the application's own database or service; the library brings none. Register one as a service and the rule
/// <c>impossible_travel</c> is on. Called on the detection's own thread, one call at a time: it delays alerts, never a request.
/// </summary>
public interface ILocationResolver
{
    /// <summary>Latitude and longitude in degrees; null where it does not know. What it throws counts as not knowing, and is said.</summary>
    (double Latitude, double Longitude)? Locate(IPAddress address);
}
