using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Tests;

public sealed class ShippingFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("shipping-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ABookmarkUnderItsFormerNameIsContinued()
    {
        var files = new ShippingFiles(_folder.FullName, "k3f5x2ab");
        files.Save(new ShippingRecord { Target = "logs-a", Stored = 7 });
        File.Move(Path.Combine(files.Directory, "k3f5x2ab.bookmark"), Path.Combine(files.Directory, "k3f5x2ab.json"));

        Assert.Equal(7, files.Load("logs-a")!.Stored);
        files.Save(new ShippingRecord { Target = "logs-a", Stored = 8 });

        Assert.Equal(8, files.Load("logs-a")!.Stored);
        Assert.Equal(["k3f5x2ab.bookmark"], Directory.GetFiles(files.Directory).Select(Path.GetFileName));
    }

    [Fact]
    public void NoFileOfShippingIsContentOfAWebProject()
    {
        var files = new ShippingFiles(_folder.FullName, "k3f5x2ab");
        files.Save(new ShippingRecord { Target = "logs-a" });
        files.AddDeadLetter(1, DateTimeOffset.UnixEpoch, 400, "mapper_parsing_exception", "{}"u8);
        files.AddDoubt(new DoubtfulRange(1, 2, null, "logs-a-1", DateTimeOffset.UnixEpoch));
        files.TryLock()!.Dispose();

        Assert.Equal(4, Directory.GetFiles(files.Directory).Length);
        Assert.DoesNotContain(Directory.GetFiles(files.Directory), file => Path.GetExtension(file) is ".json" or ".config" or ".cshtml" or ".razor");
    }
}
