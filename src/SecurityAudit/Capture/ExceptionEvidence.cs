using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture;

/// <summary>What was seen of the exceptions of one request.</summary>
internal sealed class ExceptionEvidence
{
    private readonly List<Exception> _recorded = [];

    /// <summary>An exception that MVC filters or the developer page may swallow; recorded at the end if nobody else saw it pass.</summary>
    public Exception? Swallowed { get; private set; }

    /// <summary>The answer 500, of which no exception was seen, is recorded.</summary>
    public bool IsAnswerRecorded { get; set; }

    /// <summary>Notes an exception that may be swallowed, and what it says of the answer that whoever swallows it gives.</summary>
    public static void Note(HttpContext request, Exception exception)
    {
        RequestEvidence.Of<ExceptionEvidence>(request).Swallowed = exception;
        if (ClientGone.Explains(request, exception))
        {
            RequestEvidence.Of<AnswerEvidence>(request).IsForNobody = true;
        }
    }

    /// <summary>True the first time that this very exception is to be recorded.</summary>
    public bool First(Exception exception)
    {
        var isFirst = !WasRecorded(exception);
        if (isFirst)
        {
            _recorded.Add(exception);
        }

        return isFirst;
    }

    /// <summary>This very exception is recorded.</summary>
    public bool WasRecorded(Exception exception) => _recorded.Exists(seen => ReferenceEquals(seen, exception));
}
