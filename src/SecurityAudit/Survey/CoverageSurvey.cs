using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Inventory;

namespace SecurityAudit.Survey;

/// <summary>
/// Looks whether each hook is in place, and asks all of them what they say of each part of the application. Of a part that no hook answers
/// for nothing is recorded.
/// </summary>
internal sealed partial class CoverageSurvey(
    IReadOnlyList<CaptureHook> hooks, RegisteredServices registered, IServiceScopeFactory scopes, IOptions<SecurityAuditOptions> options,
    ILogger<CoverageSurvey> logger)
{
    public const string Hook = "hook";

    /// <summary>The name that stands for all of a kind, where they could not be looked at.</summary>
    public const string Whole = "*";

    private readonly IPartSource[] _sources =
    [
        new AuthenticationSchemes(),
        new Hubs(Hubs.HubKind),
        new Hubs(Hubs.CircuitKind),
        new RpcServices(),
        new Forms(),
        new DbContexts(registered),
        new UserStores(),
        new BackgroundWork(),
        new ServerAddresses(),
        new ReplacedServices(registered),
    ];

    /// <summary>What the report was when it was made last; null before the application has started.</summary>
    public CoverageReport? Latest { get; private set; }

    /// <summary>
    /// It resolves the application's services, whose construction may fail: that is not to stop a start that would have gone well.
    /// </summary>
    public async Task<CoverageReport> LookAsync()
    {
        await using var scoped = scopes.CreateAsyncScope(); // what the application registered may know no other end
        var scope = scoped.ServiceProvider;
        var items = ImmutableArray.CreateBuilder<CoverageItem>();
        var unused = ImmutableArray.CreateBuilder<string>();
        foreach (var hook in hooks)
        {
            if (Check(hook, scope) is { } item)
            {
                items.Add(item);
            }
            else
            {
                unused.Add(hook.Name);
            }
        }

        foreach (var source in _sources)
        {
            await foreach (var item in LookAsync(source, scope))
            {
                items.Add(item);
            }
        }

        var (judged, unmatched) = AcceptedGaps.Apply(items.ToImmutable(), options.Value.AcceptedGaps);
        return Latest = new CoverageReport(judged, unused.ToImmutable(), unmatched);
    }

    private CoverageItem? Check(CaptureHook hook, IServiceProvider scope)
    {
        try
        {
            return hook.Check(scope) is { } found
                ? new CoverageItem(Hook, found.Hook, found.Covered ? CoverageState.Covered : CoverageState.Missing, found.Covered ? null : found.Remedy)
                : null;
        }
        catch (Exception failure)
        {
            Log.NotLookedAt(logger, failure, hook.Name);
            return new CoverageItem(Hook, hook.Name, CoverageState.Missing, NotLookedAt(failure));
        }
    }

    private async IAsyncEnumerable<CoverageItem> LookAsync(IPartSource source, IServiceProvider scope)
    {
        List<CoverageItem> found = [];
        try
        {
            foreach (var part in await source.FindAsync(scope))
            {
                found.Add(Judge(part, hooks, scope));
            }
        }
        catch (Exception failure)
        {
            Log.NotLookedAt(logger, failure, source.Kind);
            found.Add(new CoverageItem(source.Kind, Whole, CoverageState.Missing, NotLookedAt(failure)));
        }

        foreach (var item in found)
        {
            yield return item;
        }
    }

    /// <summary>The best that a hook says; in part where another says that something of it is missing.</summary>
    internal static CoverageItem Judge(ApplicationPart part, IEnumerable<CaptureHook> hooks, IServiceProvider scope)
    {
        if (part.Known is { } state)
        {
            return part.As(state, part.Remedy);
        }

        CoverageItem[] answers = [.. hooks.Select(hook => hook.Judge(part, scope)).OfType<CoverageItem>().OrderBy(answer => answer.State)];
        return answers switch
        {
            [] => part.Missing(),
            [{ State: CoverageState.Covered }, .., { State: CoverageState.Missing } worst] => worst with { State = CoverageState.Partial },
            [var best, ..] => best,
        };
    }

    // Not the exception's message, which may hold a value: this is recorded.
    private static string NotLookedAt(Exception failure) => $"It could not be looked at: {failure.GetType().FullName}; the application's log has the rest.";

    private static partial class Log
    {
        [LoggerMessage(4, LogLevel.Warning, "Whether security audit covers {What} could not be looked at.")]
        public static partial void NotLookedAt(ILogger logger, Exception failure, string what);
    }
}
