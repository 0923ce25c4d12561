using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.Redirects;

/// <summary>
/// Tells that <c>LocalRedirect</c> refused an address which the request brought: it throws, and where it throws tells it.
/// </summary>
internal static class RefusedRedirect
{
    /// <summary>What the request brought; null for any other exception, and where the application itself made the address up.</summary>
    public static ForeignInput? Of(HttpContext request, Exception? exception) =>
        exception is InvalidOperationException { Source: "Microsoft.AspNetCore.Mvc.Core" or "Microsoft.AspNetCore.Http.Results" }
        && new StackTrace(exception, fNeedFileInfo: false).GetFrame(0) is { } frame
        && DiagnosticMethodInfo.Create(frame)?.DeclaringTypeName is
            "Microsoft.AspNetCore.Mvc.Infrastructure.LocalRedirectResultExecutor" or "Microsoft.AspNetCore.Http.HttpResults.RedirectHttpResult"
            ? RequestInputs.Find(request.Request, static _ => true)
            : null;
}
