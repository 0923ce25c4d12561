using System.Diagnostics;

namespace SecurityAudit.Tests.Identity.Trail;

/// <summary>
/// Two people at once in one request: every attempt of the one with every attempt of the other, in every order in which their hooks can
/// run.
/// </summary>
public sealed class MixedAttemptsTests
{
    /// <summary>Steps that are far apart, and steps so close that no clock tells them from one another.</summary>
    public static TheoryData<bool, bool> Worlds => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void OfTwoAttemptsAtOnceEachIsToldOnceAndNothingOfItThatIsTheOthers(bool isDatabase, bool isWide)
    {
        var (orders, less, wrong) = (0, 0, new List<string>());
        Story[] all = [.. Stories.SignIns("ann", isDatabase), .. Stories.Work("ann")];
        Story[] others = [.. Stories.SignIns("bob", isDatabase), .. Stories.Work("bob")];
        for (var index = 0; index < all.Length; index++)
        {
            foreach (var (first, second) in others[index..].Select(other => (all[index], other)))
            {
                var truth = Truth(first, second);
                var (worst, count) = (string.Empty, 0);
                foreach (var (order, told) in Story.Mixed(first, second, isWide ? Stopwatch.Frequency : 1, status: 401))
                {
                    orders++;
                    if (!Told.AreNoMoreThan(told, truth))
                    {
                        (worst, count) = ($"{first} + {second} [{order}]: {string.Join(", ", told)}", count + 1);
                    }
                    else if (!Told.AreNoMoreThan(truth, told))
                    {
                        less++;
                    }
                }

                if (count > 0)
                {
                    wrong.Add($"{count} x {worst}");
                }
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{orders} orders, {less} of them told less than was so.");
        Assert.True(wrong.Count == 0, $"{wrong.Count} pairs:\n{string.Join('\n', wrong)}");
    }

    /// <summary>What a request shows of one attempt alone, or of one after the other, is told whole.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 30)]
    [InlineData(false, 30)]
    [InlineData(true, 1500)]
    [InlineData(false, 1500)]
    public void OneAfterTheOtherIsToldWholeHoweverLateItsEndIsNoticed(bool isDatabase, int milliseconds)
    {
        Story[] all = [.. Stories.SignIns("ann", isDatabase), .. Stories.Work("ann")];
        Story[] others = [.. Stories.SignIns("bob", isDatabase), .. Stories.Work("bob")];
        foreach (var (first, second) in all.SelectMany(first => others.Select(second => (first, second)))
            .Where(pair => !HidesAccount(pair.first) && !HidesAccount(pair.second)))
        {
            var told = Story.Play(first, second, Stopwatch.Frequency / 100, status: 401, delay: milliseconds * Stopwatch.Frequency / 1000);

            Assert.True(Told.AreNoMoreThan(told, Truth(first, second))
                && Told.AreNoMoreThan(Truth(first, second), told), $"{first}, then {second}: {string.Join(", ", told)}");
        }
    }

    // No hook sees whose account it was.
    private static bool HidesAccount(Story story) => story.Name.Contains("loaded by its id", StringComparison.Ordinal)
        || story.Name.Contains("could not be taken", StringComparison.Ordinal);

    // Where one of them signs in, the other's right password may be there to confirm that: of it nothing is said.
    private static Told[] Truth(Story first, Story second)
    {
        Told[] all = [.. first.Told, .. second.Told];
        return Array.Exists(all, told => told.Action == "authn_login_success")
            ? Array.FindAll(all, told => told.Reason != "refused although the password was right")
            : all;
    }
}
