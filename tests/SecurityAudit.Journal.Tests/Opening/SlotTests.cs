namespace SecurityAudit.Journal.Tests.Opening;

public sealed class SlotTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ASecondWriterTakesALogOfItsOwnAndAThirdTheOneThatIsFreeAgain()
    {
        await using var first = _folder.Open();
        await using (var second = _folder.Open())
        {
            Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), second.LogDirectory);
            Assert.NotEqual(first.Id, second.Id);
            Assert.Contains("its own log", _folder.Notices.Expect(JournalNoticeKind.SlotTaken).Message, StringComparison.Ordinal);
        }

        await using var third = _folder.Open();
        Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), third.LogDirectory);
        Assert.Equal(2, JournalDirectory.Logs(_folder.Path).Count);
    }

    [Fact]
    public async Task SixteenProcessesThatStartAtOnceWriteSixteenLogsWithOneKey()
    {
        const int Processes = 16;
        var holders = Enumerable.Range(0, Processes).Select(_ => DriverProcess.Start("hold", _folder.Path)).ToList();
        try
        {
            var logs = await Task.WhenAll(holders.Select(h => h.Process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))));
            Assert.Equal(Processes, logs.Distinct().Count());
            foreach (var holder in holders)
            {
                holder.Process.StandardInput.Close();
            }

            foreach (var holder in holders)
            {
                Assert.True(await holder.ExitCodeAsync() == 0, await holder.ErrorsAsync());
            }
        }
        finally
        {
            holders.ForEach(h => h.Dispose());
        }

        var found = JournalDirectory.Logs(_folder.Path);
        Assert.Equal(Processes, found.Count);
        Assert.Single(found.Select(log => SegmentOpening.Read(log.Segments[0])!.Head!.Key.Id).Distinct());
        _folder.AssertSound();
    }
}
