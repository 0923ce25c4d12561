using System.Globalization;
using BenchmarkDotNet.Running;
using SecurityAudit.Benchmarks.Load;

switch (args)
{
    case ["load", .. var options]:
        await LoadComparison.RunAsync(options);
        break;
    case ["busy", var variant, var path, var requests]:
        await LoadComparison.KeepBusyAsync(variant, path, int.Parse(requests, CultureInfo.InvariantCulture));
        break;
    case ["storm"]:
        await StormComparison.RunAsync();
        break;
    case ["event"]:
        await EventComparison.RunAsync();
        break;
    case ["serve", var variant, var folder]:
        await ServedApp.RunAsync(variant, folder);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
