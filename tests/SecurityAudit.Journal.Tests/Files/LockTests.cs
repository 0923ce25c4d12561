namespace SecurityAudit.Journal.Tests.Files;

/// <summary>Only a lock that somebody has is taken for one; whatever else is in the way is said.</summary>
public sealed class LockTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lock-");

    private string Lock => Path.Combine(_folder.FullName, "k3f5x2ab.lock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ALockIsHeldByOneUntilItIsGivenBack()
    {
        using (var held = Disk.TryLock(Lock))
        {
            Assert.NotNull(held);
            Assert.Null(Disk.TryLock(Lock));
        }

        using var again = Disk.TryLock(Lock);
        Assert.NotNull(again);
    }

    [Fact]
    public void ALinkInThePlaceOfALockIsNotTakenForALockThatAnotherHas()
    {
        var victim = Path.Combine(_folder.FullName, "victim");
        File.WriteAllText(victim, "precious");
        File.CreateSymbolicLink(Lock, victim);

        Assert.Contains("is a symbolic link", Assert.Throws<IOException>(() => Disk.TryLock(Lock)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void WhatIsNoFileIsNotTakenForALockThatAnotherHas()
    {
        Directory.CreateDirectory(Lock);

        Assert.Throws<UnauthorizedAccessException>(() => Disk.TryLock(Lock));
    }
}
