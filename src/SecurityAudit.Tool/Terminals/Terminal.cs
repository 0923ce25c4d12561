using System.Text;
using Spectre.Console;

namespace SecurityAudit.Tool.Terminals;

/// <summary>Where a command writes to, and whether a person or a program reads it: tables and colours are for people alone.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal, int? width = null)
{
    public TextWriter Output => output;

    public TextWriter Error => error;

    public bool OutputIsTerminal => outputIsTerminal;

    /// <summary>For tables: plain characters without colour codes in a pipe.</summary>
    public IAnsiConsole Console { get; } = ConsoleOn(output, outputIsTerminal, width);

    /// <summary>For progress, so that standard output holds nothing but the answer.</summary>
    public IAnsiConsole ErrorConsole { get; } = ConsoleOn(error, errorIsTerminal, width);

    public bool ErrorIsTerminal => errorIsTerminal;

    public static Terminal System()
    {
        // JSON is UTF-8 wherever it goes; a byte order mark in front of it would be a syntax error.
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var output = new StreamWriter(global::System.Console.OpenStandardOutput(), utf8, bufferSize: 64 * 1024) { AutoFlush = !global::System.Console.IsOutputRedirected };
        return new Terminal(output, global::System.Console.Error, !global::System.Console.IsOutputRedirected, !global::System.Console.IsErrorRedirected);
    }

    public void WriteError(string message) => error.WriteLine($"security-audit: {VisibleText.Of(message)}");

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal, int? width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
            console.Profile.Width = 10_000; // a program that reads lines must not meet a break
        else if (width is not null)
            console.Profile.Width = width.Value;
        return console;
    }
}
