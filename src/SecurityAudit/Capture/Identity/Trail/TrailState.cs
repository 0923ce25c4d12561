using System.Collections.Immutable;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// What is known of Identity in one request: the sightings that nothing has explained yet, and what was learned from the others.
/// </summary>
/// <param name="Caller">Who was signed in when the first hook fired: asked for a password again, they are not signing in.</param>
/// <param name="IsRequest">False outside of requests, where nothing is kept: no end would decide it.</param>
/// <param name="SeesHashes">Each comparison of a hash is seen, so that a check without one was of an account without a password.</param>
internal sealed record TrailState(AuditUser? Caller, bool IsRequest = true, bool SeesHashes = true)
{
    /// <summary>
    /// The memory that a request may take, however long it goes on: of more sightings than this the oldest is forgotten, and less is said.
    /// </summary>
    public const int Most = 256;

    public static TrailState Outside { get; } = new(Caller: null, IsRequest: false);

    /// <summary>In the order in which they were seen.</summary>
    public ImmutableList<Sighting> Open { get; init; } = [];

    /// <summary>Accounts that were asked for a second factor.</summary>
    public ImmutableArray<AuditUser> Challenged { get; init; } = [];

    /// <summary>How many failures were wiped out, by account.</summary>
    public ImmutableDictionary<string, int> Failures { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Checks of a wrong password that are still to be told of comparisons that are explained already.</summary>
    public int ChecksOwed { get; init; }

    /// <summary>Accounts whose lock the database records, with its end.</summary>
    public ImmutableHashSet<string> LocksWritten { get; init; } = [];

    /// <summary>Accounts whose password was reset with a token.</summary>
    public ImmutableHashSet<string> Resets { get; init; } = [];

    /// <summary>Accounts were created, changed or given a token: a name that was looked up is then no sign-in.</summary>
    public bool HasAccountWork { get; init; }

    /// <summary>An account was created: the first mail that is to confirm its address belongs to that.</summary>
    public bool HasCreated { get; init; }

    /// <summary>A sign-in of this request was seen to its end: a name that was looked up is then none by itself.</summary>
    public bool HasSignIn { get; init; }

    /// <summary>
    /// Somebody was signed in by this request: another password that was right may have been asked for to confirm something.
    /// </summary>
    public bool HasSession { get; init; }

    /// <summary>The account that was looked up for a credential which the request carried and which was refused.</summary>
    public AuditUser? Refused { get; init; }

    /// <summary>Nothing will ask again what is still open.</summary>
    public bool IsOver { get; init; }

    /// <summary>A name was looked up that no account is known for.</summary>
    public bool AwaitsAccount => Open.Exists(static seen => seen is NameLookedUp { Account: null });

    /// <summary>A name was looked up that nothing explains.</summary>
    public bool HasLookups => Open.Exists(static seen => seen is NameLookedUp);

    public TrailState With(Sighting seen) => this with { Open = (Open.Count < Most ? Open : Open.RemoveAt(0)).Add(seen) };

    public TrailState Without(Sighting seen) => this with { Open = Open.Remove(seen, ReferenceEqualityComparer.Instance) };

    public TrailState Without(Predicate<Sighting> explained) => this with { Open = Open.RemoveAll(explained) };

    public TrailState Replace(Sighting seen, Sighting known) => this
        with { Open = Open.Replace(seen, known, ReferenceEqualityComparer.Instance) };

    /// <summary>A comparison is explained, and with it one of the checks that may have asked for it.</summary>
    public TrailState Without(PasswordCompared compared)
    {
        var state = Without((Sighting)compared);
        var check = Seen<PasswordChecked>(compared.At).FirstOrDefault(seen => compared.IsRight ? seen.IsRight : seen.Result is "failure");
        return check is not null ? state.Without(check)
            : compared.IsRight ? state
            : state with { ChecksOwed = state.ChecksOwed + 1 };
    }

    /// <summary>How many checks of a wrong password compared no hash, as far as can be told: the accounts have none.</summary>
    public int ChecksWithoutHash => Math.Max(
        0, Seen<PasswordChecked>().Count(check => check.IsWrong) - Seen<PasswordCompared>().Count(compared => !compared.IsRight));

    /// <summary>Why such a check was wrong: that there is no password is a fact only where every comparison would have been seen.</summary>
    public string ReasonWithoutHash => SeesHashes ? SignInWords.NoPassword : SignInWords.WrongOrNone;

    /// <summary>The open sightings of one kind between two moments.</summary>
    public IEnumerable<T> Seen<T>(long from = long.MinValue, long to = long.MaxValue)
        where T : Sighting => Open.OfType<T>().Where(seen => seen.At >= from && seen.At <= to);

    /// <summary>The name looked up is one of this account's.</summary>
    public static bool IsOf(NameLookedUp lookedUp, AuditUser account) =>
        lookedUp.Account is { } found
            ? IsSame(found, account)
            : IsText(lookedUp.Name, account.Name) || IsText(lookedUp.Name, account.Email);

    /// <summary>Two sightings are about one account. Of two without an id nobody can tell but by the name.</summary>
    public static bool IsSame(AuditUser one, AuditUser other) => one.Id is not null && other.Id is not null
        ? string.Equals(one.Id, other.Id, StringComparison.Ordinal)
        : one.Name is not null && IsText(one.Name, other.Name);

    /// <summary>By what an account is told from others.</summary>
    public static string Key(AuditUser account) => account.Id ?? account.Name ?? string.Empty;

    private static bool IsText(string one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Where a sighting leads: what is known now, and what is recorded of it.</summary>
/// <param name="State">What is known now.</param>
/// <param name="Events">What is recorded, in this order.</param>
/// <param name="RefusesSignIn">Somebody was refused: the 401 that answers it is no second decision.</param>
/// <param name="LocksByFailure">The lock that is being written comes from a sign-in that failed.</param>
internal readonly record struct TrailStep(
    TrailState State, ImmutableList<SecurityEvent> Events, bool RefusesSignIn = false, bool LocksByFailure = false)
{
    public TrailStep(TrailState state)
        : this(state, [])
    {
    }

    /// <summary>Records an event about accounts; their addresses, by which they are recognized, are not what it is about.</summary>
    public TrailStep Record(SecurityEvent made) =>
        RecordAll(made with { User = WithoutAddress(made.User), Target = WithoutAddress(made.Target) });

    /// <summary>Records an event with everything in it.</summary>
    public TrailStep RecordAll(SecurityEvent made) => this with { Events = Events.Add(made) };

    private static AuditUser? WithoutAddress(AuditUser? account) => account is { Email: not null } ? account with { Email = null }
        : account;
}
