namespace SecurityAudit.Inventory;

/// <summary>Something of the application in which security is decided, as it was found at the start.</summary>
/// <param name="Kind">Its kind, e.g. <c>scheme</c>.</param>
/// <param name="Name">Its name among those of its kind.</param>
/// <param name="Subject">The framework's own description of it, which tells a hook whether it is one of its own.</param>
/// <param name="Remedy">What is lost and what closes the gap, where no hook knows of it.</param>
internal sealed record ApplicationPart(string Kind, string Name, object Subject, string Remedy)
{
    /// <summary>How much is recorded, where it is plain without asking a hook.</summary>
    public CoverageState? Known { get; init; }

    public CoverageItem Covered() => As(CoverageState.Covered, Remedy);

    public CoverageItem Partly(string remedy) => As(CoverageState.Partial, remedy);

    public CoverageItem Missing() => Missing(Remedy);

    public CoverageItem Missing(string remedy) => As(CoverageState.Missing, remedy);

    public CoverageItem As(CoverageState state, string remedy) => new(Kind, Name, state, state == CoverageState.Covered ? null : remedy);
}
