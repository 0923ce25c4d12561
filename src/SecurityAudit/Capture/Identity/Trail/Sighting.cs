using System.Collections.Immutable;
using System.Diagnostics;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>What one hook into Identity saw at one moment. Immutable, a closed set: the machine knows each kind.</summary>
/// <param name="At">When, on the clock of <see cref="System.Diagnostics.Stopwatch"/>, with which Identity measures how long an operation
/// took.</param>
internal abstract record Sighting(long At);

/// <summary>An operation ended that Identity measures: what was seen while it ran is its own.</summary>
/// <param name="At">When it was noticed, which on a busy machine may be long after it ended.</param>
/// <param name="Started">When it began, at the latest: as long before <paramref name="At"/> as it took.</param>
internal abstract record OperationMeasured(long At, long Started) : Sighting(At)
{
    private static readonly long LongestDelay = 2 * Stopwatch.Frequency;

    /// <summary>When it began, at the earliest.</summary>
    public long Earliest { get; private init; } = Started;

    /// <summary>It ended after what was seen last, so it began no earlier than its duration before that.</summary>
    public OperationMeasured After(Sighting? last) => last is null ? this : this with
    {
        Earliest = Math.Clamp(last.At - (At - Started), Started - LongestDelay, Started),
    };
}

/// <summary>An account, or a role, was looked up by this name, as it was typed. Whether there is one is not known.</summary>
/// <param name="At">When.</param>
/// <param name="Name">What was typed.</param>
/// <param name="Account">The account that was then loaded under that name.</param>
internal sealed record NameLookedUp(long At, string Name, AuditUser? Account = null) : Sighting(At);

/// <summary>The database gave this account to somebody.</summary>
internal sealed record AccountLoaded(long At, AuditUser Account) : Sighting(At);

/// <summary>A password was compared with the hash of an account.</summary>
/// <param name="At">When.</param>
/// <param name="Account">Whose.</param>
/// <param name="IsRight">Whether it was accepted.</param>
/// <param name="NeedsNewHash">The password is right and its hash of an old kind.</param>
/// <param name="Locks">The account was locked because of it.</param>
/// <param name="MayBeChange">A change of a password may have asked for it.</param>
/// <param name="IsOwn">The application compared it by itself: it has no store of Identity's for such accounts.</param>
internal sealed record PasswordCompared(
    long At, AuditUser Account, bool IsRight, bool NeedsNewHash = false, bool Locks = false, bool MayBeChange = false, bool IsOwn = false)
    : Sighting(At);

/// <summary>
/// <c>UserManager.CheckPasswordAsync</c> returned. Whose password it was is not told. Changing a password and a history of passwords ask
/// the hasher alone; of an account without a password no hash is compared.
/// </summary>
internal sealed record PasswordChecked(long At, string? Result) : Sighting(At)
{
    public bool IsRight => Result is "success" or "success_rehash_needed";

    public bool IsWrong => Result is "failure" or "password_missing";
}

/// <summary>
/// <c>SignInManager.CheckPasswordSignInAsync</c> returned; whether a sign-in follows is up to its caller. Whose it was is not told.
/// </summary>
internal sealed record SignInChecked(long At, string? Result) : Sighting(At);

/// <summary><c>SignInManager</c> signed somebody in; by what kind of sign-in is not told.</summary>
internal sealed record SessionBegun(long At, AuditUser? Account, string? Scheme) : Sighting(At);

/// <summary><c>SignInManager</c> finished a sign-in of any kind. Whose it was is not told.</summary>
/// <param name="At">When.</param>
/// <param name="Started">When it began; a sign-in by name begins anew when the account is found.</param>
/// <param name="When">The same moment as <paramref name="At"/>, as the event states it.</param>
/// <param name="Type">The kind of sign-in.</param>
/// <param name="Result">Null when an exception ended it.</param>
/// <param name="Exception">The type of the exception that ended it.</param>
/// <param name="Scheme">The scheme that it signs in with.</param>
/// <param name="Principal">Who is signed in now.</param>
/// <param name="Remembered">The account that the cookie between the two steps names, of a second factor.</param>
internal sealed record SignInMeasured(
    long At, long Started, DateTimeOffset When, string? Type, string? Result, string? Exception = null, string? Scheme = null,
    AuditUser? Principal = null, AuditUser? Remembered = null) : OperationMeasured(At, Started);

/// <summary>A token of a second factor was looked at.</summary>
/// <param name="At">When.</param>
/// <param name="IsRight">Whether it was accepted.</param>
/// <param name="Remembered">The account that the cookie between the two steps names.</param>
internal sealed record SecondFactorChecked(long At, bool IsRight, AuditUser? Remembered = null) : Sighting(At);

/// <summary>A token was made, or one that is no second factor was looked at: somebody works on an account.</summary>
/// <param name="At">When.</param>
/// <param name="AllowsReset">A password may be reset with it.</param>
/// <param name="IsAsked">It was made so that a forgotten password can be reset.</param>
/// <param name="Confirms">It was made so that an address can be confirmed.</param>
internal sealed record TokenSeen(long At, bool AllowsReset = false, bool IsAsked = false, bool Confirms = false) : Sighting(At)
{
    /// <summary>The accounts that the request had loaded when it was made.</summary>
    public ImmutableArray<AuditUser> Loaded { get; init; } = [];
}

/// <summary><c>UserManager</c> is about to save this account.</summary>
/// <param name="At">When.</param>
/// <param name="Account">Whose.</param>
/// <param name="IsLocked">Its lock ends in the future.</param>
/// <param name="IsMixed">It was saved by one of several operations; which of them is not known.</param>
internal sealed record AccountSaving(long At, AuditUser Account, bool IsLocked = false, bool IsMixed = false) : Sighting(At)
{
    /// <summary>What the store had; null where it was not asked, or gave the very same object.</summary>
    public AccountValues? Before { get; init; }

    /// <summary>What is saved; null where the database tells it.</summary>
    public AccountValues? After { get; init; }

    /// <summary>The roles that the store says the account has now; default where it was not asked.</summary>
    public ImmutableArray<string> Roles { get; init; }
}

/// <summary><c>UserManager</c> works on this account; whether it comes to be saved is open.</summary>
internal sealed record AccountSeen(long At, AuditUser Account) : Sighting(At);

/// <summary><c>UserManager</c> finished an operation. Whose account it was is not told.</summary>
/// <param name="At">When.</param>
/// <param name="Started">When it began.</param>
/// <param name="Operation">What it did.</param>
/// <param name="Purpose">The kind of update.</param>
/// <param name="Result">Null when an exception ended it.</param>
/// <param name="Code">The first error.</param>
/// <param name="Exception">The type of the exception that ended it.</param>
/// <param name="IsCovered">The database's changes of such accounts are seen, with values.</param>
internal sealed record AccountMeasured(
    long At, long Started, AccountOperation Operation, string? Purpose, string? Result, string? Code = null, string? Exception = null,
    bool IsCovered = false) : OperationMeasured(At, Started)
{
    /// <summary>The accounts that the request had loaded when this was refused; there may be others that it did not load.</summary>
    public ImmutableArray<AuditUser> Loaded { get; init; } = [];

    public bool Succeeded => Result is "success";
}

/// <summary>The database is about to be given new values of an account.</summary>
/// <param name="At">When.</param>
/// <param name="Account">Whose.</param>
/// <param name="Failures">The count of failures that is set back; 0 if none is.</param>
/// <param name="Locks">A lock that ends in the future.</param>
internal sealed record AccountWriting(long At, AuditUser Account, int Failures, bool Locks) : Sighting(At);

/// <summary>The database was given changes of these accounts; they are true when the transaction is committed.</summary>
internal sealed record ChangesWritten(long At, ImmutableArray<AuditUser> Accounts) : Sighting(At);

/// <summary>The database refused changes; they are recorded.</summary>
internal sealed record ChangesFailed(long At) : Sighting(At);

/// <summary>A change of the database is true.</summary>
internal sealed record ChangeMade(long At, SecurityEvent Change) : Sighting(At);

/// <summary>The request has its answer: what was no matter of <c>SignInManager</c> is decided by it.</summary>
/// <param name="At">When.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="IsLast">Nothing more is asked afterwards.</param>
/// <param name="IsAttempt">Something was posted, and no other credential came with it.</param>
/// <param name="Session">The account and the scheme of a session that was issued meanwhile, whoever issued it.</param>
internal sealed record Answered(long At, int Status, bool IsLast, bool IsAttempt = true, (AuditUser Account, string Scheme)? Session = null)
    : Sighting(At);

/// <summary>What <c>UserManager</c> did with an account.</summary>
internal enum AccountOperation
{
    Create,
    Update,
    Delete,
}
