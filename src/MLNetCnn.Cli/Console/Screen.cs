using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Spectre.Console;

namespace MLNetCnn.Cli.Console;

/// <summary>Where a verb writes: text for people, and with <c>--json</c> one object for machines.</summary>
internal sealed class Screen(bool json)
{
    private const int FileWidth = 200;

    private static readonly JsonSerializerOptions OneLine = new() { WriteIndented = false };

    /// <summary>For people: standard output, or standard error when standard output belongs to the JSON.</summary>
    public IAnsiConsole Out { get; } = Create(json ? System.Console.Error : System.Console.Out, json ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected);

    /// <summary>Whether lines can be redrawn in place.</summary>
    public bool IsTerminal => !System.Console.IsErrorRedirected && (json || !System.Console.IsOutputRedirected);

    /// <summary>Prints <paramref name="answer"/> where <c>--json</c> was given.</summary>
    public void Answer(JsonObject answer)
    {
        if (json)
        {
            var line = Encoding.UTF8.GetBytes(answer.ToJsonString(OneLine) + "\n");
            using var stream = System.Console.OpenStandardOutput();
            stream.Write(line);
        }
    }

    /// <summary>Makes room for a line where one moves on a terminal.</summary>
    public void ClearMovingLine()
    {
        if (IsTerminal)
        {
            System.Console.Error.Write("\r\e[K");
        }
    }

    /// <summary>Prints a line as it is: no markup, no wrapping.</summary>
    public void Line(string text) => Out.Profile.Out.Writer.WriteLine(text);

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        });

        // A file has no width: nothing is to be broken there.
        console.Profile.Width = redirected ? FileWidth : console.Profile.Width;
        return console;
    }
}
