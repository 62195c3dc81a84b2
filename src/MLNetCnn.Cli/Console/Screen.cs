using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Spectre.Console;

namespace MLNetCnn.Cli.Console;

/// <summary>Where a verb writes: text for people, and with <c>--json</c> one object for machines.</summary>
internal sealed class Screen(bool json)
{
    private static readonly JsonSerializerOptions OneLine = new() { WriteIndented = false };

    /// <summary>For people: standard output, or standard error when standard output belongs to the JSON.</summary>
    public IAnsiConsole Out { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(json ? System.Console.Error : System.Console.Out),
        Ansi = (json ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected) ? AnsiSupport.No : AnsiSupport.Detect,
    });

    /// <summary>Whether lines can be redrawn in place.</summary>
    public bool IsTerminal => json ? !System.Console.IsErrorRedirected : !System.Console.IsOutputRedirected;

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

    /// <summary>Prints a line as it is: no markup.</summary>
    public void Line(string text) => Out.WriteLine(text);
}
