using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLNetCnn.Data;

/// <summary>Checksums of files, as manifests write them, and of texts.</summary>
internal static class Checksum
{
    /// <summary>The hexadecimal digits of a whole SHA-256.</summary>
    public const int Digits = 2 * SHA256.HashSizeInBytes;

    // Of files that are asked about again and again: a search looks at the same weights for every trial. One that was written to meanwhile is another.
    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written, HashAlgorithmName Algorithm), string> Known = new();

    public static bool IsWellFormed(string text) => text.Length == Digits && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The SHA-256 of a text in UTF-8, in lower-case hexadecimal.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The SHA-256 of one of the many files of a folder, which nobody asks about again.</summary>
    public static string OfOneOfMany(string path, CancellationToken cancellation) => Compute(path, HashAlgorithmName.SHA256, progress: null, cancellation);

    /// <summary>The SHA-256 of a file, remembered for as long as nobody writes to it.</summary>
    public static string Of(string path, IProgress<DataProgress>? progress, CancellationToken cancellation) =>
        Of(path, HashAlgorithmName.SHA256, progress, cancellation);

    /// <summary>Says what is wrong with a file that should be <paramref name="file"/>; null where it is right.</summary>
    public static string? Mismatch(string path, DataFile file, IProgress<DataProgress>? progress, CancellationToken cancellation) =>
        Mismatch(path, file, algorithm => Of(path, algorithm, progress, cancellation));

    /// <summary>
    /// <see cref="Mismatch(string, DataFile, IProgress{DataProgress}?, CancellationToken)"/> of a file that has just been written. Nothing is
    /// remembered of it: archives give all their files one date, and the next may come to the same place in the same size.
    /// </summary>
    public static string? MismatchOfNew(string path, DataFile file, IProgress<DataProgress>? progress, CancellationToken cancellation) =>
        Mismatch(path, file, algorithm => Compute(path, algorithm, progress, cancellation));

    private static string? Mismatch(string path, DataFile file, Func<HashAlgorithmName, string> sumOf)
    {
        if (RealPath.Followed(new FileInfo(path)) is not { Exists: true } there)
        {
            return $"{path} is a link that leads nowhere";
        }

        if (file.Size is not null && there.Length != file.Size)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path} has {there.Length} bytes, {file.Size} are declared");
        }

        if (file.Md5 is not null)
        {
            var md5 = sumOf(HashAlgorithmName.MD5);
            return md5 == file.Md5 ? null : $"{path} has the MD5 {md5}, {file.Md5} is declared";
        }

        var sha256 = sumOf(HashAlgorithmName.SHA256);
        return sha256.StartsWith(file.Sha256, StringComparison.Ordinal) ? null : $"{path} has the SHA-256 {sha256}, {file.Sha256}{(file.Sha256.Length < Digits ? "…" : "")} is declared";
    }

    private static string Of(string path, HashAlgorithmName algorithm, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var file = RealPath.Followed(new FileInfo(path));
        var key = (Path.Combine(RealPath.Of(file.DirectoryName!), file.Name), file.Length, file.LastWriteTimeUtc, algorithm);
        return Known.TryGetValue(key, out var known) ? known : Known[key] = Compute(path, algorithm, progress, cancellation);
    }

    private static string Compute(string path, HashAlgorithmName algorithm, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        // Its own buffer would only be copied from.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(algorithm);
        var stage = $"checking {Path.GetFileName(path)}";
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(stream.Length, 1 << 12, 1 << 20));
        try
        {
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                progress?.Report(new DataProgress(stage, stream.Position, stream.Length));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
