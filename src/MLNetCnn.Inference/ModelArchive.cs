using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace MLNetCnn.Inference;

/// <summary>
/// The .zip around a model: four entries, known by name. Reading trusts nothing: names, declared sizes, actual sizes and
/// checksums are verified before any content is handed out. Writing gives the same bytes for the same content.
/// </summary>
internal static class ModelArchive
{
    public const string Onnx = "model.onnx";
    public const string Metadata = "model.json";
    public const string Weights = "weights.safetensors";
    public const string Checksums = "checksums.txt";

    // An empty .zip's: the record that ends its directory.
    private const int LeastBytes = 22;

    // Beyond this, an entry bigger than FreeExpansion is taken for a bomb; weights hardly compress at all.
    private const int MaxExpansion = 20;
    private const long FreeExpansion = 1 << 20;

    private static readonly Dictionary<string, long> MaxSizes = new(StringComparer.Ordinal)
    {
        [Onnx] = Array.MaxLength,
        [Metadata] = 16 << 20,
        [Weights] = Array.MaxLength,
        [Checksums] = 4 << 10,
    };

    // Zip's own epoch: a date of its own would make the same model two files.
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The verified contents, and the hash of the checksums, which stands for all of them; the weights are verified but not kept where they are not wanted.</summary>
    /// <exception cref="ModelFormatException">The archive is damaged, hostile or no model.</exception>
    public static (byte[] Onnx, byte[] Metadata, byte[]? Weights, string WeightsHash, string ContentHash) Read(Stream stream, string file, bool includeWeights)
    {
        try
        {
            if (stream.CanSeek && stream.Length < LeastBytes)
            {
                throw new InvalidDataException("it is too short to be one");
            }

            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            var entries = VerifiedEntries(archive, file);
            var (text, contentHash) = ReadEntry(entries[Checksums], keep: true);
            var checksums = ParseChecksums(Encoding.UTF8.GetString(text!), file);
            return (Verified(Onnx)!, Verified(Metadata)!, Verified(Weights, includeWeights), checksums[Weights], contentHash);

            byte[]? Verified(string name, bool keep = true)
            {
                var (content, hash) = ReadEntry(entries[name], keep);
                return hash == checksums[name]
                    ? content
                    : throw ModelFormatException.For(file, $"{name} has the SHA-256 {hash}, but {Checksums} says {checksums[name]}: the file was damaged or changed");
            }
        }
        catch (InvalidDataException exception)
        {
            throw ModelFormatException.For(file, $"not a readable .zip ({exception.Message.TrimEnd('.')})", innerException: exception);
        }
    }

    /// <summary>Writes the three entries and their checksums.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> onnx, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> weights)
    {
        var checksums = $"{Hash(onnx)}  {Onnx}\n{Hash(metadata)}  {Metadata}\n{Hash(weights)}  {Weights}\n";
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        // Weights don't compress: stored, they load faster.
        WriteEntry(archive, Onnx, onnx, CompressionLevel.NoCompression);
        WriteEntry(archive, Metadata, metadata, CompressionLevel.Optimal);
        WriteEntry(archive, Weights, weights, CompressionLevel.NoCompression);
        WriteEntry(archive, Checksums, Encoding.UTF8.GetBytes(checksums), CompressionLevel.NoCompression);
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static void WriteEntry(ZipArchive archive, string name, ReadOnlySpan<byte> content, CompressionLevel level)
    {
        var entry = archive.CreateEntry(name, level);
        entry.LastWriteTime = EntryTime;
        entry.ExternalAttributes = 0x81A4 << 16; // -rw-r--r--
        using var stream = entry.Open();
        stream.Write(content);
    }

    private static Dictionary<string, ZipArchiveEntry> VerifiedEntries(ZipArchive archive, string file)
    {
        const string Rule = $"a model .zip holds {Onnx}, {Metadata}, {Weights} and {Checksums}, each once, and nothing else";
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName;
            if (!MaxSizes.TryGetValue(name, out var maxSize))
            {
                throw ModelFormatException.For(file, $"unexpected entry '{(name.Length > 80 ? name[..80] + "…" : name)}': {Rule}");
            }

            if (!entries.TryAdd(name, entry))
            {
                throw ModelFormatException.For(file, $"the entry {name} occurs more than once: {Rule}");
            }

            if (entry.Length > maxSize)
            {
                throw ModelFormatException.For(file, $"{name} says it is {entry.Length} bytes long: at most {maxSize} are allowed");
            }

            if (entry.Length > FreeExpansion && entry.Length / MaxExpansion > entry.CompressedLength)
            {
                throw ModelFormatException.For(
                    file,
                    $"{name} grows from {entry.CompressedLength} to {entry.Length} bytes: more than {MaxExpansion}-fold is taken for a decompression bomb",
                    "If you trust the file, unpack it and zip it again without compression.");
            }
        }

        return MaxSizes.Keys.FirstOrDefault(name => !entries.ContainsKey(name)) is { } missing
            ? throw ModelFormatException.For(file, $"{missing} is missing: {Rule}")
            : entries;
    }

    private static Dictionary<string, string> ParseChecksums(string text, string file)
    {
        var checksums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            var parts = line.Split("  ", 2);
            if (parts is not [{ Length: 64 } hash, var name]
                || !hash.All(char.IsAsciiHexDigitLower)
                || name == Checksums || !MaxSizes.ContainsKey(name)
                || !checksums.TryAdd(name, hash))
            {
                throw ModelFormatException.For(
                    file,
                    $"{Checksums} has the line '{(line.Length > 100 ? line[..100] + "…" : line)}': one line '<SHA-256>  <name>' for each other entry is needed");
            }
        }

        return checksums.Count == MaxSizes.Count - 1
            ? checksums
            : throw ModelFormatException.For(file, $"{Checksums} covers {checksums.Count} entries: it needs a line for {Onnx}, {Metadata} and {Weights}");
    }

    private static (byte[]? Content, string Hash) ReadEntry(ZipArchiveEntry entry, bool keep)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            // Opening checks where the entry lies: room is made for what can be there.
            using var stream = entry.Open();
            var content = keep ? new byte[entry.Length] : null;
            long total = 0;
            for (int read; (read = stream.Read(buffer)) > 0; total += read)
            {
                if (total + read > entry.Length)
                {
                    throw new InvalidDataException($"{entry.FullName} holds more than the {entry.Length} bytes it declares");
                }

                hash.AppendData(buffer, 0, read);
                if (content is not null)
                {
                    buffer.AsSpan(0, read).CopyTo(content.AsSpan((int)total));
                }
            }

            return total == entry.Length
                ? (content, Convert.ToHexStringLower(hash.GetHashAndReset()))
                : throw new InvalidDataException($"{entry.FullName} ends after {total} of {entry.Length} bytes");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
