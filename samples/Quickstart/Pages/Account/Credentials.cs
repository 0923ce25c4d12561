using System.ComponentModel.DataAnnotations;

namespace Quickstart.Pages.Account;

/// <summary>What the forms for registering and for signing in ask for.</summary>
public sealed class Credentials
{
    [Required, EmailAddress, MaxLength(256)]
    public string Email { get; set; } = "";

    [Required, DataType(DataType.Password), MaxLength(256)]
    public string Password { get; set; } = "";
}
