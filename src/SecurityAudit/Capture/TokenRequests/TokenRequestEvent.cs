using SecurityAudit.Fields;

namespace SecurityAudit.Capture.TokenRequests;

/// <summary>The event of a request to a token server, as far as its answer tells it.</summary>
internal static class TokenRequestEvent
{
    /// <param name="transaction">What the server did.</param>
    /// <param name="isRefusalRecorded">A sign-in that was refused in the same request is recorded.</param>
    public static SecurityEvent? Of(OpenIddictTransaction transaction, bool isRefusalRecorded) => (transaction.Endpoint, transaction.Error) switch
    {
        ("Token", null) => Issued(transaction, user: null),
        ("Revocation", null) => About(SecurityEvents.AuthnClientTokenRevoked(), transaction),
        ("Token" or "Revocation" or "Introspection" or "DeviceAuthorization" or "PushedAuthorization", { } error) =>
            isRefusalRecorded ? null : Refused(transaction, error),
        _ => null,
    };

    /// <summary>A token was issued; at the authorization endpoint, what a client exchanges for one.</summary>
    public static SecurityEvent Issued(OpenIddictTransaction? transaction, AuditUser? user)
    {
        var issued = SecurityEvents.AuthnTokenCreated(user ?? new AuditUser(null, null)) with { User = user };
        return transaction is { } known ? About(issued, known) : issued;
    }

    private static SecurityEvent Refused(OpenIddictTransaction transaction, string code)
    {
        var error = ProviderError.Named(code);
        return (error, transaction.ErrorId) switch
        {
            (_, "ID2010" or "ID2011" or "ID2012" or "ID2013") => About(SecurityEvents.AuthnClientTokenReuse(Spent(transaction.ErrorId)), transaction),
            (_, "ID2016" or "ID2017" or "ID2018" or "ID2019") => Invalid("it is no longer valid: expired or revoked"),
            (_, "ID2020" or "ID2021" or "ID2022" or "ID2023") => Invalid("the authorization that it belongs to is no longer valid"),
            (_, "ID2001" or "ID2002" or "ID2003" or "ID2004") => Invalid("it is not a token of this server's"),
            (_, "ID2069" or "ID2070" or "ID2071") => Invalid("it was issued to another client"),
            // The client exists, or its secret would not have been compared.
            ("invalid_client", "ID2055") => About(SecurityEvents.AuthnLoginFail(Client(transaction), "wrong client secret"), transaction),
            ("invalid_client", _) => SecurityEvents.AuthnLoginFail(AuditUser.Claimed(transaction.ClientId), "the client was not accepted: invalid_client"),
            // The application's own word on a user's password.
            ("invalid_grant", null) when transaction.Username is { } name =>
                About(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(name), "the token request was refused: invalid_grant"), transaction),
            _ => SecurityEvents.AuthnLoginFail(AuditUser.Claimed(transaction.ClientId), $"the token request was refused: {error}"),
        };

        SecurityEvent Invalid(string reason) => About(SecurityEvents.AuthnCredentialInvalid("OpenIddict.Server.AspNetCore", reason), transaction);
    }

    private static string Spent(string? id) => id switch
    {
        "ID2010" => "the authorization code was used before",
        "ID2011" => "the device code was used before",
        "ID2012" => "the refresh token was used before",
        _ => "the token was used before",
    };

    private static AuditUser Client(OpenIddictTransaction transaction) => new(transaction.ClientId, transaction.ClientId);

    /// <summary>Only where the server has accepted the client: what an unknown one names may be anything.</summary>
    private static SecurityEvent About(SecurityEvent token, OpenIddictTransaction transaction) => token
        .With(EventFields.OAuthClient, transaction.ClientId)
        .With(EventFields.OAuthGrant, GrantOf(transaction));

    private static string? GrantOf(OpenIddictTransaction transaction) => transaction.GrantType switch
    {
        "authorization_code" or "refresh_token" or "client_credentials" or "password" or "urn:ietf:params:oauth:grant-type:device_code"
            or "urn:ietf:params:oauth:grant-type:token-exchange" => transaction.GrantType,
        null => null,
        _ => "another",
    };
}
