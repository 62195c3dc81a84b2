using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MLNetCnn.Benchmarks.Serving;

/// <summary>The command <c>mlnetcnn serve</c> as a process of its own.</summary>
internal sealed class ServingProcess : IDisposable
{
    private readonly Process _process;

    public ServingProcess(string model, params string[] options)
    {
        Port = FreePort();
        _process = Process.Start(new ProcessStartInfo(
            "env", ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "MLNetCnn.Cli"), "serve", $"model={model}", "--urls", $"http://127.0.0.1:{Port}", .. options])
        {
            RedirectStandardOutput = true,
        })!;
    }

    public int Port { get; }

    /// <summary>Processor time so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long Memory => File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] ? long.Parse(kilobytes, CultureInfo.InvariantCulture) << 10 : 0;

    /// <summary>Asks until the service answers.</summary>
    public ServingProcess WaitUntilReady(byte[] request)
    {
        while (true)
        {
            try
            {
                using var client = new LoadClient(Port);
                if (client.Send(request).Status == 200)
                {
                    return this;
                }
            }
            catch (SocketException)
            {
                // It does not listen yet.
            }

            if (_process.HasExited)
            {
                throw new InvalidOperationException($"mlnetcnn serve ended with {_process.ExitCode}");
            }

            Thread.Sleep(2);
        }
    }

    /// <summary>Ctrl-C, and its exit code.</summary>
    public int Stop()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -INT {_process.Id}"]);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Stop();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
