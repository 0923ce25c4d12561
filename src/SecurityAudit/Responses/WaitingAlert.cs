namespace SecurityAudit.Responses;

/// <summary>An alert that waits for its turn, and what is due.</summary>
internal sealed record WaitingAlert(AlertNotification Alert, bool EndsSessions, bool CallsHooks)
{
    public IEnumerable<string> Kinds
    {
        get
        {
            if (EndsSessions)
            {
                yield return ResponseKind.EndSessions;
            }

            if (CallsHooks)
            {
                yield return ResponseKind.Hook;
            }
        }
    }
}
