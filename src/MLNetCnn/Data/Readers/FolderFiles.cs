using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLNetCnn.Data;

/// <summary>The files below a folder, and what tells their contents apart.</summary>
internal static class FolderFiles
{
    /// <summary>All files below a folder in ordinal order of their paths; those that begin with a dot, or lie in such a folder, are passed over.</summary>
    public static IReadOnlyList<string> In(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        return [.. Directory.EnumerateFiles(folder, "*", options)
            .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// SHA-256 over names and contents of all files below a folder. Remembered in the cache under the files' names, sizes and
    /// times, so that a large folder is read only when something in it changed.
    /// </summary>
    public static string Fingerprint(string folder, string cacheFolder, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var files = In(folder).Select(path => new FileInfo(path)).ToArray();
        var listing = files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}"));
        var memory = Path.Combine(CacheFolder.Create(Path.Combine(cacheFolder, "folders")), Hash(listing));
        if (File.Exists(memory) && File.ReadAllText(memory) is var remembered && Checksum.IsWellFormed(remembered))
        {
            return remembered;
        }

        var sums = new string[files.Length];
        var (done, total) = (0L, files.Sum(file => file.Length));
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            sums[i] = $"{Path.GetRelativePath(folder, files[i].FullName)}|{Checksum.Of(files[i].FullName, null, cancellation)}";
            progress?.Report(new DataProgress($"checking {folder}", Interlocked.Add(ref done, files[i].Length), total));
        });
        var fingerprint = Hash(sums);
        AtomicFile.Write(memory, fingerprint);
        return fingerprint;
    }

    private static string Hash(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}
