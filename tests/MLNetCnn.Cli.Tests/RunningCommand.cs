using System.Diagnostics;
using System.Text;

namespace MLNetCnn.Cli.Tests;

/// <summary>A command that is under way.</summary>
public sealed class RunningCommand
{
    private readonly Process _process;
    private readonly TimeSpan _patience;
    private readonly StringBuilder _out = new();
    private readonly Task<string> _error;
    private bool _ended;

    public RunningCommand(ProcessStartInfo start, TimeSpan patience)
    {
        _patience = patience;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        Id = _process.Id;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What was read of standard output until now.</summary>
    public string SoFar => _out.ToString();

    /// <summary>The number of its process.</summary>
    public int Id { get; }

    /// <summary>Reads standard output up to the first line with <paramref name="words"/>.</summary>
    public void WaitFor(string words)
    {
        string? line;
        do
        {
            line = _process.StandardOutput.ReadLineAsync().WaitAsync(_patience).GetAwaiter().GetResult();
            Assert.True(line is not null, $"ended before '{words}': {_out}{(line is null ? _error.Result : "")}");
            _out.Append(line).Append('\n');
        }
        while (!line!.Contains(words, StringComparison.Ordinal));
    }

    /// <summary>The number of the one process that it has started.</summary>
    public string Child()
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["-o", "pid=", "--ppid", $"{Id}"]) { RedirectStandardOutput = true })!;
        return Assert.Single(list.StandardOutput.ReadToEnd().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void SendInterrupt() => Send("INT");

    /// <summary>Sends a signal, <c>CONT</c> for example.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{signal} {_process.Id}"])!;
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits until something is so, of a command that does not say it.</summary>
    public void WaitUntil(Func<bool> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !isSo(); Thread.Sleep(50))
        {
            Assert.True(clock.Elapsed < _patience && !_process.HasExited, $"was waited for in vain: {_out}{(_process.HasExited ? _error.Result : "")}");
        }
    }

    /// <summary>Ends it, where it has not ended, with all that it started: a test that failed leaves nothing behind.</summary>
    public void End()
    {
        if (!_ended)
        {
            _ended = true;
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void KillAtOnce()
    {
        _process.Kill();
        Finish();
    }

    /// <summary>Waits for its end.</summary>
    public CommandResult Finish()
    {
        var rest = _process.StandardOutput.ReadToEndAsync();
        if (!_process.WaitForExit(_patience))
        {
            End();
            Assert.Fail($"not finished within {_patience}");
        }

        using (_process)
        {
            _ended = true;
            return new CommandResult(_process.ExitCode, _out + rest.Result, _error.Result);
        }
    }
}
