using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using MLNetCnn.Testing;

using Npgsql;

namespace MLNetCnn.Tests.AutoML;

/// <summary>A real PostgreSQL server of the tests' own, in a temporary folder, gone after them.</summary>
public sealed class PostgreSqlServer : IDisposable
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private readonly TemporaryFolder? _folder;
    private Process? _server;
    private readonly int _port;
    private int _databases;

    public PostgreSqlServer()
    {
        if (Programs is null)
        {
            return;
        }

        _folder = new TemporaryFolder();
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to be run by root.
            Finish(Start("chown", "postgres", _folder.Path));
        }

        Finish(Start("initdb", "-D", _folder["data"], "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "--no-sync"));
        _port = FreePort();
        _server = Serve();
    }

    /// <summary>The location of a new, empty database; skips the running test where no server is installed.</summary>
    public string NewDatabase()
    {
        Assert.SkipWhen(Programs is null, "needs a PostgreSQL server: apt-get install postgresql");
        var name = $"test{Interlocked.Increment(ref _databases)}";
        using var source = NpgsqlDataSource.Create(Connection);
        using var command = source.CreateCommand($"CREATE DATABASE {name}");
        command.ExecuteNonQuery();
        return $"postgresql://tests@127.0.0.1:{Text(_port)}/{name}";
    }

    /// <summary>Ends the server as an administrator would, and starts it again after a while.</summary>
    public void Restart(TimeSpan pause)
    {
        Finish(Start("pg_ctl", "stop", "-D", _folder!["data"], "-m", "fast"));
        _server!.WaitForExit();
        _server.Dispose();
        Thread.Sleep(pause);
        _server = Serve();
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (_folder is null || _server is null)
        {
            return;
        }

        Finish(Start("pg_ctl", "stop", "-D", _folder["data"], "-m", "immediate"));
        _server.WaitForExit();
        _server.Dispose();
        _folder.Dispose();
    }

    private string Connection => $"Host=127.0.0.1;Port={Text(_port)};Username=tests;Database=postgres;Pooling=false";

    private Process Serve()
    {
        var server = Start("postgres", "-D", _folder!["data"], "-k", _folder.Path, "-p", Text(_port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off");
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        for (var patience = Stopwatch.StartNew(); !Answers(); Thread.Sleep(100))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1) && !server.HasExited, "the PostgreSQL server did not start");
        }

        return server;
    }

    private bool Answers()
    {
        try
        {
            using var connection = new NpgsqlConnection(Connection);
            connection.Open();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        var own = Path.Combine(Programs!, program);
        string[] command = File.Exists(own) ? [own, .. arguments] : [program, .. arguments];
        if (Environment.IsPrivilegedProcess && command[0] == own)
        {
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command];
        }

        return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
    }

    private static void Finish(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{process.StartInfo.FileName} ended with {process.ExitCode}: {output.Result}{errors}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
