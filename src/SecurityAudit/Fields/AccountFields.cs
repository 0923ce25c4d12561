using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>The fields of one account: of who acted, or of who was acted upon.</summary>
internal sealed record AccountFields(Field<string> Id, Field<string> Name, Field<string> Email, Field<ImmutableArray<string>> Roles, Field<string> Hash);
