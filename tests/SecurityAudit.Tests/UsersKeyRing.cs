using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests;

[assembly: AssemblyFixture(typeof(UsersKeyRing))]

namespace SecurityAudit.Tests;

/// <summary>
/// Whoever runs the tests has a Data Protection key before the first one: on a new machine the key ring would make it in the midst of some
/// test, which has one event more than it counts.
/// </summary>
public sealed class UsersKeyRing
{
    public UsersKeyRing()
    {
        var services = new ServiceCollection();
        services.AddDataProtection();
        using var provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests").Protect("a key is there");
    }
}
