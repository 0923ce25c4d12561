using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>
/// What a status says of a request that was refused as it stood. The text of the exception is not read: parts of the request stand in it.
/// </summary>
/// <param name="Part">The part of the request.</param>
/// <param name="Reason">What was wrong with it.</param>
internal readonly record struct RefusedPart(string Part, string Reason)
{
    public static RefusedPart Of(int status)
    {
        var (part, reason) = status switch
        {
            StatusCodes.Status405MethodNotAllowed => ("method", "the server does not take that method for this address"),
            StatusCodes.Status408RequestTimeout => ("request", "the request came too slowly"),
            StatusCodes.Status411LengthRequired => ("body", "the length of the body is not said"),
            StatusCodes.Status413PayloadTooLarge => ("body", "the body is larger than the limit"),
            StatusCodes.Status414UriTooLong => ("address", "the address is longer than the limit"),
            StatusCodes.Status415UnsupportedMediaType => ("body", "the type of the body is not taken"),
            StatusCodes.Status431RequestHeaderFieldsTooLarge => ("headers", "the headers are larger or more than the limit"),
            StatusCodes.Status505HttpVersionNotsupported => ("request", "the version of HTTP is not known"),
            _ => ("request", "the request is malformed, or broke off"),
        };
        return new RefusedPart(part, string.Create(CultureInfo.InvariantCulture, $"{reason} ({status})"));
    }
}
