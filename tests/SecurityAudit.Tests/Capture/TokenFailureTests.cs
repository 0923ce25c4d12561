using Microsoft.IdentityModel.Tokens;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Sessions;

namespace SecurityAudit.Tests.Capture;

/// <summary>Tokens are judged by the type of the exception: neither its text, nor the language of that, matters.</summary>
public sealed class TokenFailureTests
{
    [Fact]
    public void AnExpiredTokenIsToldByTheTypeOfItsException()
    {
        Assert.Equal("expired", Event(new SecurityTokenExpiredException("abgelaufen")).Reason);
        Assert.Equal("session_expired", Event(new DerivedExpiredException()).Action);
    }

    [Fact]
    public void AForgedSignatureIsAnInvalidCredentialWithItsReason()
    {
        var recorded = Event(new SecurityTokenInvalidSignatureException("Ticket expired"));

        Assert.Equal(("authn_credential_invalid", "the token's signature is not valid"), (recorded.Action, recorded.Reason));
    }

    [Fact]
    public void OfValidatorsThatRefusedForReasonsOfTheirOwnNoneIsTheReason()
    {
        var both = new AggregateException(new SecurityTokenExpiredException(), new SecurityTokenInvalidSignatureException());

        Assert.Equal(("authn_credential_invalid", "AggregateException"), (Event(both).Action, Event(both).Reason));
        Assert.Equal("session_expired",
            Event(new AggregateException(new SecurityTokenExpiredException(), new SecurityTokenExpiredException())).Action);
    }

    [Fact]
    public void EveryExceptionThatIsKnownByItsNameIsThere()
    {
        var assembly = typeof(SecurityTokenException).Assembly;

        Assert.All(TokenFailure.Types, name => Assert.NotNull(assembly.GetType(name)));
    }

    [Fact]
    public void TheTextOfAFailureIsNotRead()
    {
        var recorded = Event(new InvalidOperationException("Ticket expired"));

        Assert.Equal(("authn_credential_invalid", "InvalidOperationException"), (recorded.Action, recorded.Reason));
    }

    private static SecurityEvent Event(Exception failure) => CredentialFailure.Event("Bearer", failure, TokenFailure.ReasonOf(failure), ticket: null, isRevoked: false);

    private sealed class DerivedExpiredException : SecurityTokenExpiredException;
}
