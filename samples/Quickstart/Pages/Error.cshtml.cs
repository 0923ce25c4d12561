using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Quickstart.Pages;

// Shown also in place of a form that failed, whose token was checked already.
[IgnoreAntiforgeryToken]
public sealed class ErrorModel : PageModel;
