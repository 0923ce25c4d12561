using System.Diagnostics;
using System.Text;
using SecurityAudit.Journal;

// The program that the journal tests start in order to kill, starve, trace or race it.
return args[0] switch
{
    "append" => await Append(args[1], int.Parse(args[2])),
    "load" => await Load(args[1], int.Parse(args[2]), double.Parse(args[3])),
    "cpu" => Cpu(args[1], int.Parse(args[2])),
    _ => 2,
};
static async Task<int> Append(string dir, int n)
{
    await using var w = JournalWriter.Open(dir, new JournalOptions { OnNotice = x => Console.Error.WriteLine(x) });
    for (int i = 0; i < n; i++) { var s = w.Append(Encoding.UTF8.GetBytes($"{{\"event.action\":\"a\",\"n\":{i}}}")); await w.FlushAsync(s); Console.WriteLine(s); }
    return 0;
}
static int Cpu(string dir, int n)
{
    using var w = JournalWriter.Open(dir, new JournalOptions { OnNotice = x => Console.Error.WriteLine(x), BufferBytes = 256 << 20, FlushInterval = TimeSpan.FromSeconds(30), CheckpointInterval = TimeSpan.FromSeconds(30) });
    var p = Encoding.UTF8.GetBytes("{\"event.action\":\"a\",\"x\":\"" + new string('y', 560) + "\"}");
    for (int r = 0; r < 6; r++)
    {
        Thread.Sleep(300);
        var a = GC.GetAllocatedBytesForCurrentThread(); var t = Stopwatch.GetTimestamp();
        for (int i = 0; i < n; i++) w.Append(p);
        Console.WriteLine($"{Stopwatch.GetElapsedTime(t).TotalNanoseconds / n:F0} ns, {(GC.GetAllocatedBytesForCurrentThread() - a) / (double)n} B");
        w.FlushAsync().AsTask().Wait();
    }
    return 0;
}
static async Task<int> Load(string dir, int callers, double seconds)
{
    await using var w = JournalWriter.Open(dir, new JournalOptions { OnNotice = x => Console.Error.WriteLine(x) });
    var p = Encoding.UTF8.GetBytes("{\"event.action\":\"a\",\"x\":\"" + new string('y', 560) + "\"}");
    var t = Stopwatch.GetTimestamp(); long n = 0;
    await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
    {
        long k = 0;
        while (Stopwatch.GetElapsedTime(t).TotalSeconds < seconds) { await w.FlushAsync(w.Append(p)); k++; }
        Interlocked.Add(ref n, k);
    })));
    Console.WriteLine($"{n / Stopwatch.GetElapsedTime(t).TotalSeconds:F0}/s");
    return 0;
}
