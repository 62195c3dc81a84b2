using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MLNetCnn.Tests.Data;

/// <summary>A web server on this machine that serves one file, and can break off in the middle of it.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _content;

    public LoopbackServer(byte[] content)
    {
        _content = content;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));

    /// <summary>Breaks the connection after so many bytes of a body, while it is above 0.</summary>
    public int BreakAfter { get; set; }

    /// <summary>Whether range requests are answered.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>The status instead of 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The first byte that each request asked for.</summary>
    public List<int> Starts { get; } = [];

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var start = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase) && Ranges)
            {
                start = int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
        }

        Starts.Add(start);
        if (start >= _content.Length)
        {
            await stream.WriteAsync("HTTP/1.1 416 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            return;
        }

        var status = start > 0 ? 206 : Status;
        var range = start > 0 ? string.Create(CultureInfo.InvariantCulture, $"Content-Range: bytes {start}-{_content.Length - 1}/{_content.Length}\r\n") : "";
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} x\r\n{range}Content-Length: {_content.Length - start}\r\nConnection: close\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var body = _content.AsMemory(start);
        await stream.WriteAsync(BreakAfter > 0 && BreakAfter < body.Length ? body[..BreakAfter] : body);
    }
}
