using System.Globalization;
using System.Text;
using System.Text.Json;
using SecurityAudit.Journal;
using Spectre.Console;

namespace SecurityAudit.Tool.Terminals;

/// <summary>Where a command writes to, and whether a person or a program reads it: tables and colours are for people alone.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, bool outputIsTerminal, bool errorIsTerminal, int? width = null, bool outputIsPipe = false)
{
    // JSON is UTF-8 wherever it goes; a byte order mark in front of it would be a syntax error.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public TextWriter Output => output;

    public TextWriter Error => error;

    public bool OutputIsTerminal => outputIsTerminal;

    /// <summary>For tables: plain characters without colour codes in a pipe.</summary>
    public IAnsiConsole Console { get; } = ConsoleOn(output, outputIsTerminal, width);

    /// <summary>For progress, so that standard output holds nothing but the answer.</summary>
    public IAnsiConsole ErrorConsole { get; } = ConsoleOn(error, errorIsTerminal, width);

    public bool ErrorIsTerminal => errorIsTerminal;

    /// <summary>
    /// Whether nobody reads the output any more. Whoever waits for something to write asks this: with nothing to write it would never be
    /// noticed.
    /// </summary>
    public bool IsReaderGone => outputIsPipe && Descriptor.IsReaderGone(Descriptor.Output);

    /// <summary>
    /// The process's own. What is written to a terminal is seen at once, into a pipe or a file it goes in blocks and has to be flushed.
    /// </summary>
    public static Terminal Standard()
    {
        var outputIsTerminal = !System.Console.IsOutputRedirected;
        var output = new StreamWriter(StandardStream.Open(Descriptor.Output), outputIsTerminal ? TerminalEncoding : Utf8, bufferSize: 64 * 1024) { AutoFlush = outputIsTerminal };
        var error = new StreamWriter(StandardStream.Open(Descriptor.Error), TerminalEncoding) { AutoFlush = true };
        return new Terminal(output, error, outputIsTerminal, !System.Console.IsErrorRedirected, outputIsPipe: !outputIsTerminal && !OperatingSystem.IsWindows());
    }

    /// <summary>A line of text; what could deceive in it can be seen.</summary>
    public void WriteLine(FormattableString text) => output.WriteLine(VisibleText.Of(text.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A JSON object on a line of its own, for programs.</summary>
    public void WriteJson(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.WriteLine(VisibleText.Of(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length)));
    }

    /// <summary>After what was written so far, so that a person finds both in order.</summary>
    public void WriteError(string message)
    {
        TryFlush();
        error.WriteLine($"security-audit: {VisibleText.Of(message)}");
    }

    /// <summary>Hands on what was written so far; false when nobody takes it.</summary>
    public bool TryFlush()
    {
        try
        {
            output.Flush();
            return true;
        }
        catch (IOException)
        {
            return false; // the command's end says so
        }
    }

    private static Encoding TerminalEncoding => System.Console.OutputEncoding is { CodePage: not 65001 } encoding ? encoding : Utf8;

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
        {
            console.Profile.Width = 10_000; // a program that reads lines must not meet a break
        }
        else if (width is not null)
        {
            console.Profile.Width = width.Value;
        }

        return console;
    }
}
