using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MLNetCnn.Tests.Reports;

/// <summary>Small grey PNG files, each different.</summary>
internal static class TestPicture
{
    public static byte[] Png(int size, int seed)
    {
        var random = new Random(seed);
        var (cx, cy, rx, ry) = (size / 2.0, size / 2.0, size * (0.2 + (random.NextDouble() * 0.25)), size * (0.2 + (random.NextDouble() * 0.25)));
        var raw = new MemoryStream();
        for (var y = 0; y < size; y++)
        {
            raw.WriteByte(0);
            for (var x = 0; x < size; x++)
            {
                var distance = Math.Pow((x - cx) / rx, 2) + Math.Pow((y - cy) / ry, 2);
                raw.WriteByte((byte)(distance < 1 ? 150 + random.Next(80) : random.Next(12)));
            }
        }

        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(raw.ToArray());
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), size);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        var framed = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(framed, content.Length);
        body.CopyTo(framed, 4);
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(body.Length + 4), Crc(body));
        return framed;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
