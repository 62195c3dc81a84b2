using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

/// <summary>Runs the built command as a process, in a folder of its own with a cache of its own; one for a class of tests.</summary>
public sealed class CommandLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<RunningCommand> _started = [];

    /// <summary>Where the command runs.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Runs one command line to its end.</summary>
    public CommandResult Run(params string[] arguments) => Start(arguments).Finish();

    /// <summary>Runs one command line that must succeed, with <c>--json</c>: its answer.</summary>
    public JsonObject Json(params string[] arguments) => Run([.. arguments, "--json"]).Json();

    /// <summary>Starts one command line; Ctrl-C reaches it even where the tests themselves run in the background and ignore it.</summary>
    public RunningCommand Start(string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "MLNetCnn.Cli"), .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What is set for a user's own commands says nothing here.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MLNETCNN_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MLNETCNN_CACHE"] = _folder["cache"];
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var command = new RunningCommand(start, Patience);
        _started.Add(command);
        return command;
    }

    /// <summary>Writes a text file and gives its name.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return name;
    }

    public void Dispose()
    {
        foreach (var command in _started)
        {
            command.End();
        }

        _folder.Dispose();
    }
}

/// <summary>What a finished command left.</summary>
public sealed record CommandResult(int ExitCode, string Out, string Error)
{
    /// <summary>The answer of a command that must have succeeded with <c>--json</c>: all that is on standard output.</summary>
    public JsonObject Json()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        Assert.Equal(Out.TrimEnd('\n') + "\n", Out);
        return Assert.IsType<JsonObject>(JsonNode.Parse(Out));
    }

    /// <summary>Asserts that the command failed as a user would want: nothing but lines of its own on standard error, one of them with all of <paramref name="words"/>.</summary>
    public void Complains(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}: {Out}{Error}");
        var lines = Error.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.StartsWith("mlnetcnn: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", Error, StringComparison.Ordinal);
        Assert.True(lines.Any(line => words.All(word => line.Contains(word, StringComparison.Ordinal))), $"no line with {string.Join(" and ", words)}: {Error}");
    }
}
