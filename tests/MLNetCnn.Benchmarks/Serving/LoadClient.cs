using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace MLNetCnn.Benchmarks.Serving;

/// <summary>One connection that sends requests made beforehand: it takes next to nothing of the processors that the service runs on.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[1 << 16];

    public LoadClient(int port) => _socket.Connect("127.0.0.1", port);

    /// <summary>A request whose body is an image.</summary>
    public static byte[] Request(byte[] body, string type = "image/jpeg", string path = "/v1/models/model/predict?top=1") =>
        [.. Encoding.ASCII.GetBytes(FormattableString.Invariant($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n")), .. body];

    /// <summary>Sends a request and reads its answer.</summary>
    public (int Status, string Body) Send(byte[] request)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += _socket.Send(request, sent, request.Length - sent, SocketFlags.None);
        }

        var (filled, head) = (0, -1);
        while (head < 0)
        {
            filled += Receive(filled);
            head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }

        var headers = Encoding.ASCII.GetString(_buffer, 0, head);
        var status = int.Parse(headers.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (!headers.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            var length = Length(headers);
            while (filled < head + 4 + length)
            {
                filled += Receive(filled);
            }

            return (status, Encoding.UTF8.GetString(_buffer, head + 4, length));
        }

        while (!_buffer.AsSpan(0, filled).EndsWith("0\r\n\r\n"u8))
        {
            filled += Receive(filled);
        }

        return (status, Encoding.UTF8.GetString(_buffer, head + 4, filled - head - 4));
    }

    public void Dispose() => _socket.Dispose();

    private int Receive(int filled) => _socket.Receive(_buffer, filled, _buffer.Length - filled, SocketFlags.None) is > 0 and var read
        ? read
        : throw new SocketException((int)SocketError.ConnectionReset);

    private static int Length(string headers)
    {
        const string Name = "Content-Length: ";
        var at = headers.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 0 : int.Parse(headers[(at + Name.Length)..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}
