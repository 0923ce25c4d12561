using System.Collections.Immutable;

namespace SecurityAudit.Survey;

/// <summary>The gaps that the owner knows and accepts (<see cref="SecurityAuditOptions.AcceptedGaps"/>), held against those that were found.</summary>
internal static class AcceptedGaps
{
    /// <summary>
    /// What is accepted counts as accepted, whatever of it was covered in part; and the accepted names for which no gap was found.
    /// Names are compared as they stand: two schemes may differ in their case alone.
    /// </summary>
    public static (ImmutableArray<CoverageItem> Items, ImmutableArray<string> Unmatched) Apply(ImmutableArray<CoverageItem> items, IDictionary<string, string> accepted)
    {
        if (accepted.Count == 0)
        {
            return (items, []);
        }

        var unmatched = accepted.Keys.ToHashSet(StringComparer.Ordinal);
        var judged = ImmutableArray.CreateBuilder<CoverageItem>(items.Length);
        foreach (var item in items)
        {
            if (item.State != CoverageState.Covered && accepted.TryGetValue(item.ToString(), out var reason))
            {
                unmatched.Remove(item.ToString());
                judged.Add(item with { State = CoverageState.Accepted, Reason = reason });
            }
            else
            {
                judged.Add(item);
            }
        }

        return (judged.ToImmutable(), [.. unmatched.Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// What is wrong with the names and reasons themselves. A hook is no gap that can be accepted: with it a whole kind of event would be
    /// lost, of which nobody could say how much that is.
    /// </summary>
    public static IEnumerable<string> Faults(string path, IDictionary<string, string> accepted)
    {
        foreach (var (name, reason) in accepted)
        {
            if (string.IsNullOrWhiteSpace(reason))
            {
                yield return $"{path} gives '{name}' no reason, expected one for whoever reads the audit.";
            }

            var colon = name.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon == name.Length - 1)
            {
                yield return $"{path} holds '{name}', expected kind:name as audit_coverage has it, e.g. 'form:POST /webhook'.";
            }
            else if (string.Equals(name[..colon], CoverageSurvey.Hook, StringComparison.OrdinalIgnoreCase))
            {
                yield return $"{path} holds '{name}', expected a part of the application: a hook that is not in place loses a whole kind of event and cannot be accepted. "
                    + "Do what audit_coverage says of it.";
            }
            else if (name[(colon + 1)..] == CoverageSurvey.Whole)
            {
                yield return $"{path} holds '{name}', expected the name of one part: each gap is accepted by its own name.";
            }
        }
    }
}
