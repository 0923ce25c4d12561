using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture;

/// <summary>What explains the answer of one request, so that no hook records or judges it a second time.</summary>
internal sealed class AnswerEvidence : Evidence
{
    /// <summary>A denial of this request is recorded.</summary>
    public bool IsDenied { get; set; }

    /// <summary>A sign-in that was refused is recorded: the answer tells of it.</summary>
    public bool IsSignInRefused { get; set; }

    /// <summary>What a sign-in that is recorded as refused failed with: what the framework throws around it is the same refusal.</summary>
    public Exception? SignInFailure { get; set; }

    /// <summary>The request tried to sign somebody in: a 401 answers that, nothing was denied by it.</summary>
    public bool AnswersSignIn { get; set; }

    /// <summary>The client had gone away: an error page is shown to nobody.</summary>
    public bool IsForNobody { get; set; }
}
