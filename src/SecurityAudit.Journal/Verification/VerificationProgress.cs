using System.Runtime.InteropServices;

namespace SecurityAudit.Journal;

/// <summary>How far a verification is.</summary>
/// <param name="Bytes">Bytes read.</param>
/// <param name="TotalBytes">Bytes there were at the start.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VerificationProgress(long Bytes, long TotalBytes);
