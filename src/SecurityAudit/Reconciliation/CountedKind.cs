namespace SecurityAudit.Reconciliation;

/// <summary>What the framework counts and capture records, each by itself.</summary>
internal enum CountedKind
{
    /// <summary>A sign-in with ASP.NET Core Identity that succeeded.</summary>
    SignIn,

    /// <summary>One that did not.</summary>
    SignInFailure,

    /// <summary>One that needs a second factor.</summary>
    SecondFactor,

    /// <summary>A session or token that was issued, whatever the scheme; counted once a request: schemes hand on to others.</summary>
    Session,

    /// <summary>Somebody was forbidden something; once a request.</summary>
    Forbidden,

    /// <summary>An exception that the exception handler or the developer page saw; once a request.</summary>
    Exception,

    /// <summary>A request that the rate limiter refused; once a request.</summary>
    RateLimit,
}
