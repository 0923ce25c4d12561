using System.Diagnostics;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Journal.Tests.Faults;

namespace SecurityAudit.Journal.Tests.Writing;

/// <summary>
/// Three threads append, wait, break and mend the disk, and sometimes close the writer, in an order that chance draws and the machine
/// interleaves, while time races. Whatever the schedule was, the journal keeps its word.
/// </summary>
public sealed class WriterScheduleTests
{
    private const int Threads = 3;

    private static readonly Gen<Step[][]> Schedules = Gen.Select(
            Gen.Frequency(
                (10, Gen.Const(StepKind.Append)),
                (4, Gen.Const(StepKind.AppendAndWait)),
                (2, Gen.Const(StepKind.Flush)),
                (2, Gen.Const(StepKind.FailOnce)),
                (1, Gen.Const(StepKind.FailOn)),
                (2, Gen.Const(StepKind.Mend)),
                (1, Gen.Const(StepKind.Close))),
            Gen.Int[0, 3000])
        .Select((kind, value) => new Step(kind, value))
        .Array[1, 25].Array[Threads];

    private enum StepKind
    {
        Append,
        AppendAndWait,
        Flush,
        FailOnce,
        FailOn,
        Mend,
        Close,
    }

    [Theory]
    [InlineData(JournalFailureMode.Continue)]
    [InlineData(JournalFailureMode.Refuse)]
    public void InEveryScheduleWhatIsAcknowledgedStandsInOrderAndWhatIsDroppedIsCounted(JournalFailureMode mode) =>
        Schedules.Sample(steps => new Run(mode, steps).Check(), iter: 150, threads: 2);

    [Theory(Explicit = true)]
    [Trait("Category", "Campaign")]
    [InlineData(JournalFailureMode.Continue)]
    [InlineData(JournalFailureMode.Refuse)]
    public void InTenThousandSchedulesWhatIsAcknowledgedStandsInOrderAndWhatIsDroppedIsCounted(JournalFailureMode mode) =>
        Schedules.Sample(steps => new Run(mode, steps).Check(), iter: 10_000, threads: 2);

    private sealed record Step(StepKind Kind, int Value);

    /// <summary>One schedule on a journal of its own.</summary>
    private sealed class Run(JournalFailureMode mode, Step[][] schedule)
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly FakeTimeProvider _time = new(Some.Moment);
        private readonly FaultyDisk _disk = new(_ => null);
        private readonly List<(long Sequence, int Number)>[] _taken = [.. Enumerable.Range(0, Threads).Select(_ => new List<(long, int)>())];
        private readonly HashSet<long>[] _acknowledged = [.. Enumerable.Range(0, Threads).Select(_ => new HashSet<long>())];
        private int _numbers;
        private int _dropped;
        private volatile bool _isClosed;

        public void Check()
        {
            using var folder = new JournalFolder();
            var writer = folder.Open(_disk, o =>
            {
                o.FailureMode = mode;
                o.MaxSegmentBytes = 4096;
                o.BufferBytes = 256 * 1024;
                o.WaitTimeout = TimeSpan.FromSeconds(2);
                o.TimeProvider = _time;
            });
            using var racing = new CancellationTokenSource();
            var clock = Task.Factory.StartNew(() => Race(racing.Token), racing.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var threads = schedule.Select((steps, i) => Task.Factory.StartNew(() => Live(writer, i, steps), TaskCreationOptions.LongRunning)).ToArray();
            Assert.True(Task.WaitAll(threads, Patience), "a schedule hangs");

            _disk.Fault = _ => null;
            var wasClosed = _isClosed;
            if (!wasClosed)
            {
                WaitUntilWritable(writer);
            }

            writer.Dispose();
            racing.Cancel();
            clock.Wait(Patience);
            using (folder.Open())
            {
                // A crash or a broken disk may have left a torn end; opening mends it.
            }

            Judge(folder, wasClosed);
        }

        private void Race(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                // Half a second in a millisecond, in small steps; a thread that did nothing else would take a core from the schedule.
                for (var step = 0; step < 100; step++)
                {
                    _time.Advance(TimeSpan.FromMilliseconds(5));
                }

                Thread.Sleep(1);
            }
        }

        private void Live(JournalWriter writer, int thread, Step[] steps)
        {
            foreach (var step in steps)
            {
                switch (step.Kind)
                {
                    case StepKind.FailOnce:
                        FailOnce((DiskCall)(step.Value % 7));
                        break;
                    case StepKind.FailOn:
                        _disk.Fault = call => call == (DiskCall)(step.Value % 7) ? FaultyDisk.Error : null;
                        break;
                    case StepKind.Mend:
                        _disk.Fault = _ => null;
                        break;
                    case StepKind.Close:
                        CloseRarely(writer, step.Value);
                        break;
                    case StepKind.Flush:
                        Try(() => writer.FlushAsync().AsTask().Wait(Patience));
                        break;
                    default:
                        Append(writer, thread, step);
                        break;
                }
            }
        }

        private void CloseRarely(JournalWriter writer, int value)
        {
            if (value >= 300)
            {
                return;
            }

            _isClosed = true;
            writer.Dispose();
        }

        private void Append(JournalWriter writer, int thread, Step step) => Try(() =>
        {
            var number = Interlocked.Increment(ref _numbers);
            var sequence = writer.Append(
                Some.Utf8($$"""{"event.action":"test","test.number":{{number}},"test.text":"{{new string('x', 20 * step.Value)}}"}"""),
                critical: step.Value % 5 == 0);
            if (sequence < 0)
            {
                Assert.Equal(JournalFailureMode.Continue, mode);
                Interlocked.Increment(ref _dropped);
                return;
            }

            _taken[thread].Add((sequence, number));
            if (step.Kind != StepKind.AppendAndWait)
            {
                return;
            }

            Assert.True(writer.FlushAsync(sequence).AsTask().Wait(Patience), "a wait hangs");
            _acknowledged[thread].Add(sequence);
        });

        /// <summary>The three answers that a caller may get instead of success.</summary>
        private static void Try(Action call)
        {
            try
            {
                call();
            }
            catch (Exception e) when (((e as AggregateException)?.InnerException ?? e) is JournalUnavailableException or ObjectDisposedException)
            {
            }
        }

        private void FailOnce(DiskCall which)
        {
            var failed = 0;
            _disk.Fault = call => call == which && Interlocked.Exchange(ref failed, 1) == 0 ? FaultyDisk.Error : null;
        }

        private void WaitUntilWritable(JournalWriter writer)
        {
            var started = Stopwatch.GetTimestamp();
            while (true)
            {
                try
                {
                    var sequence = writer.Append(Some.Event(0));
                    if (sequence < 0)
                    {
                        _dropped++;
                    }
                    else if (writer.FlushAsync(sequence).AsTask().Wait(Patience))
                    {
                        return;
                    }
                }
                catch (Exception e) when (((e as AggregateException)?.InnerException ?? e) is JournalUnavailableException && Stopwatch.GetElapsedTime(started) < Patience)
                {
                    Thread.Sleep(1);
                }

                Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "the journal does not come back though its disk did");
            }
        }

        private void Judge(JournalFolder folder, bool wasClosed)
        {
            folder.AssertSound();
            var lines = folder.Lines();
            var numbers = lines.Where(line => line.TryGetProperty("test.number", out _))
                .ToDictionary(line => line.GetProperty("event.sequence").GetInt64(), line => line.GetProperty("test.number").GetInt32());
            for (var thread = 0; thread < Threads; thread++)
            {
                Assert.Equal(_taken[thread].Select(t => t.Sequence).Order(), _taken[thread].Select(t => t.Sequence));
                foreach (var (sequence, number) in _taken[thread])
                {
                    var stands = numbers.TryGetValue(sequence, out var found);
                    Assert.True(stands || !_acknowledged[thread].Contains(sequence), $"line {sequence} was acknowledged and is lost");
                    Assert.True(stands || wasClosed, $"line {sequence} was taken, the writer was closed in order, and it is lost");
                    Assert.True(!stands || found == number, $"line {sequence} is another one");
                }
            }

            var told = lines.Where(line => line.GetProperty("event.action").GetString() == ControlAction.Gap).Sum(line => line.GetProperty(JournalFields.Dropped.Name).GetInt64());
            if (!wasClosed)
            {
                Assert.Equal(_dropped, told);
            }
        }
    }
}
