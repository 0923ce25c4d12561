using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;

namespace SecurityAudit.Opening;

/// <summary>
/// A place that the journal may have when nobody configured one: <c>audit</c> under the content root; where that cannot be written, the
/// state directory that systemd made for the service, the user's own state directory, and at last the temporary folder, which does not
/// last.
/// </summary>
/// <param name="Directory">An absolute path.</param>
/// <param name="Warning">What the owner should know when the journal stands there.</param>
internal sealed record DefaultPlace(string Directory, string? Warning)
{
    /// <summary>
    /// The first of them that holds something already, whatever is wrong with it: there are never silently two journals. Else the first
    /// that can be written, else the first.
    /// </summary>
    public static DefaultPlace Choose(IReadOnlyList<DefaultPlace> places) =>
        places.FirstOrDefault(place => IsTaken(place.Directory)) ?? places.FirstOrDefault(place => CanBeMade(place.Directory)) ?? places[0];

    /// <summary>The places of this application, best first.</summary>
    public static IReadOnlyList<DefaultPlace> All(IHostEnvironment environment)
    {
        var first = Path.Combine(environment.ContentRootPath, "audit");
        var found = $"The journal is not in '{first}', where {JournalPlace.Who()} could not write when it was begun, but in";
        const string Remedy = "Set SecurityAudit:Journal:Directory to a place of your choice, on a volume that outlives the application.";
        var places = new List<DefaultPlace> { new(first, null) };
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } service)
        {
            places.Add(new(Path.Combine(service.Split(':')[0], "audit"), null)); // its StateDirectory= is the owner's choice
        }

        var own = NameOf(environment);
        if (StateOfUser() is { Length: > 0 } state && Path.IsPathRooted(state))
        {
            var directory = Path.Combine(state, "security-audit", own);
            places.Add(new(directory, $"{found} '{directory}'. In a container that goes with the container. {Remedy}"));
        }

        var temporary = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"security-audit-{(OperatingSystem.IsWindows() ? 0 : Posix.EffectiveUser)}-{own}"));
        if (IsOwnOrNone(temporary))
        {
            places.Add(new(temporary, $"{found} '{temporary}', in the temporary folder: IT DOES NOT LAST, and what it proves goes with it. {Remedy}"));
        }

        return places;
    }

    private static string? StateOfUser() =>
        OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>Two applications of one user do not meet: the name, and a hash of where it stands.</summary>
    private static string NameOf(IHostEnvironment environment)
    {
        var name = string.Concat(environment.ApplicationName.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'));
        return $"{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(environment.ContentRootPath)).AsSpan(0, 4))}";
    }

    /// <summary>In a folder where everybody may make directories, one of that name may be somebody else's.</summary>
    private static bool IsOwnOrNone(string directory)
    {
        var found = new DirectoryInfo(directory);
        return found.LinkTarget is null
            && (!found.Exists || OperatingSystem.IsWindows() || Posix.OwnerOf(directory) is not { } owner || owner == Posix.EffectiveUser);
    }

    /// <summary>Does anything stand there? What cannot be looked into counts as something.</summary>
    private static bool IsTaken(string directory)
    {
        try
        {
            return File.Exists(directory) || (System.IO.Directory.Exists(directory) && System.IO.Directory.EnumerateFileSystemEntries(directory).Any());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static bool CanBeMade(string directory)
    {
        try
        {
            PrivateFiles.CreateDirectory(directory);
            var probe = Path.Combine(directory, $".{Path.GetRandomFileName()}");
            using var file = new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose });
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
