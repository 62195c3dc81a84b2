using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNetCnn.Data;

/// <summary>
/// One IDX file of unsigned bytes: two zero bytes, the type, the number of dimensions, each dimension as a big-endian 32-bit
/// number, the values.
/// </summary>
/// <param name="Sizes">The dimensions.</param>
/// <param name="Values">The values, the last dimension the fastest.</param>
internal sealed record IdxFile(IReadOnlyList<int> Sizes, byte[] Values)
{
    private const byte UnsignedByte = 0x08;

    // Deflate cannot do better, so that a header which promises more is refused before memory is given to it.
    private const long MostGrowth = 1032;

    /// <summary>Reads a file, plain or gzipped.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="dimensions">How many dimensions it has.</param>
    /// <exception cref="DatasetException">It is not an IDX file of bytes, has other dimensions, is truncated or too long; the message names it.</exception>
    public static IdxFile Read(byte[] content, string path, int dimensions)
    {
        try
        {
            var zipped = content is [0x1F, 0x8B, ..];
            using var file = new MemoryStream(content);
            using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return Read(stream, path, dimensions, content.Length * (zipped ? MostGrowth : 1));
        }
        catch (EndOfStreamException)
        {
            throw new DatasetException($"{path} is truncated: it ends before the values that its header announces");
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static IdxFile Read(Stream stream, string path, int dimensions, long mostBytes)
    {
        var magic = new byte[4];
        stream.ReadExactly(magic);
        if (magic[0] != 0 || magic[1] != 0)
        {
            throw new DatasetException($"{path} is no IDX file: it begins with {Convert.ToHexString(magic)}, expected is {ExpectedMagic(dimensions)}");
        }

        if (magic[2] != UnsignedByte || magic[3] != dimensions)
        {
            throw new DatasetException(
                $"{path} holds values of type 0x{magic[2]:X2} in {magic[3]} dimension(s), expected are unsigned bytes in {dimensions} ({ExpectedMagic(dimensions)})");
        }

        var header = new byte[4 * dimensions];
        stream.ReadExactly(header);
        var sizes = new int[dimensions];
        var total = 1L;
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * i));
            if (sizes[i] < 1)
            {
                throw new DatasetException($"{path} states {sizes[i]} as its dimension {i}: at least 1 is expected");
            }

            total = Math.Min(total * sizes[i], int.MaxValue + 1L);
        }

        if (total > Math.Min(mostBytes, Array.MaxLength))
        {
            throw new DatasetException($"{path} is truncated or damaged: its header announces {string.Join('×', sizes)} values, more than the file can hold");
        }

        var values = GC.AllocateUninitializedArray<byte>((int)total);
        stream.ReadExactly(values);
        return stream.ReadByte() < 0
            ? new IdxFile(sizes, values)
            : throw new DatasetException($"{path} goes on after the {total} values that its header announces: it is damaged or another file");
    }

    private static string ExpectedMagic(int dimensions) => $"0000{UnsignedByte:X2}{dimensions:X2}";
}
