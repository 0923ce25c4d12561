namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>Real volumes that are full or cannot be written.</summary>
public sealed class VolumeTests
{
    [Fact]
    public async Task AFullVolumeDropsAndCountsAndRecordsTheGapWhenThereIsRoomAgain()
    {
        using var volume = await MountedVolume.TmpfsAsync("2m");
        var notices = new Notices();
        var directory = Path.Combine(volume.Path, "audit");
        var ballast = Path.Combine(volume.Path, "ballast");
        var taken = 0;
        await using (var writer = JournalWriter.Open(directory, new JournalOptions
        {
            MaxSegmentBytes = 64 * 1024,
            BufferBytes = 256 * 1024,
            ReserveBytes = 64 * 1024,
            WaitTimeout = TimeSpan.FromSeconds(2),
            OnNotice = notices.Add,
        }))
        {
            await using (var file = File.Create(ballast))
            {
                Assert.Throws<IOException>(() => Fill(file));
            }

            var dropped = 0;
            for (var i = 0; dropped == 0; i++)
            {
                if (writer.Append(Some.LongEvent(1000)) < 0)
                {
                    dropped++;
                }
                else
                {
                    taken++;
                }

                if (i % 10 == 0)
                {
                    await Record.ExceptionAsync(async () => await writer.FlushAsync());
                }
            }

            Assert.Equal(JournalHealthState.Failed, writer.Health.State);
            Assert.Contains("space", writer.Health.Reason, StringComparison.OrdinalIgnoreCase);
            File.Delete(ballast);
            Eventually.True(() => writer.Health.State != JournalHealthState.Failed, "a journal that can be written again");
            await writer.FlushAsync();
        }

        notices.Expect(JournalNoticeKind.Gap);
        var text = string.Concat(JournalDirectory.Segments(directory).Select(s => File.ReadAllText(s.Path)));
        Assert.Equal(taken, text.Split("\"test.text\"").Length - 1);
        Assert.Single(text.Split('\n'), l => l.Contains(ControlAction.Gap, StringComparison.Ordinal));
        Sound.Assert(directory);
    }

    [Fact]
    public async Task AVolumeWithoutRoomForAReservationIsWrittenAllTheSame()
    {
        using var volume = await MountedVolume.TmpfsAsync("1m");
        var directory = Path.Combine(volume.Path, "audit");
        await using (var writer = JournalWriter.Open(directory))
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
            Assert.Equal(JournalHealthState.Degraded, writer.Health.State);
        }

        Sound.Assert(directory);
    }

    [Fact]
    public async Task AVolumeThatBecomesReadOnlyLosesNothingThatWasAcknowledged()
    {
        using var volume = await MountedVolume.TmpfsAsync("8m");
        var directory = Path.Combine(volume.Path, "audit");
        await using (var writer = JournalWriter.Open(directory, new JournalOptions { MaxSegmentBytes = 4096, ReserveBytes = 0 }))
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
        }

        await volume.RemountAsync("ro");

        var error = Assert.Throws<JournalException>(() => JournalWriter.Open(directory));
        Assert.Contains("Read-only file system", error.Message, StringComparison.Ordinal);

        await volume.RemountAsync("rw");
        await using (var writer = JournalWriter.Open(directory))
        {
            await writer.FlushAsync(writer.Append(Some.Event(2)));
        }

        Sound.Assert(directory);
    }

    private static void Fill(FileStream file)
    {
        var block = new byte[4096];
        while (true)
        {
            file.Write(block);
            file.Flush();
        }
    }
}
