using System.Globalization;
using SecurityAudit.Journal.Driver;

// The program that the journal tests start in order to kill, starve, trace or race it; and the load program of the README's figures.
return args switch
{
    ["append", var directory, var count] => await AppendCommand.RunAsync(directory, Number(count)),
    ["hold", var directory] => await HoldCommand.RunAsync(directory),
    ["life", var directory] => await LifeCommand.RunAsync(directory),
    ["load", var directory, var seconds] => await LoadCommand.RunAsync(directory, TimeSpan.FromSeconds(Number(seconds))),
    ["cost", var directory] => await CostCommand.RunAsync(directory),
    ["fill", var directory, var mebibytes] => await FillCommand.RunAsync(directory, Number(mebibytes) * 1024L * 1024),
    ["verify", var directory] => VerifyCommand.Run(directory),
    ["open", var directory] => await OpenCommand.RunAsync(directory),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("append DIR COUNT | hold DIR | life DIR | load DIR SECONDS | cost DIR | fill DIR MEBIBYTES | verify DIR | open DIR");
    return 2;
}
