using System.Runtime.InteropServices;

namespace SecurityAudit.Detection.Engine;

/// <summary>What a rule remembers of one event.</summary>
/// <param name="At">When, by the detection's own clock, in ticks.</param>
/// <param name="Value">The hash of what the events must differ in.</param>
/// <param name="Weight">How many events it stands for.</param>
/// <param name="Stamp">When, as the event says, in ticks of UTC.</param>
/// <param name="Id">The event's id.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Observation(long At, ulong Value, int Weight, long Stamp, Guid Id);
