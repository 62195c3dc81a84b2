using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>What tells the contents of a folder, or of one file, apart.</summary>
internal static class FolderFingerprint
{
    /// <summary>
    /// SHA-256 over names and contents of all files below a folder and the names of its folders, or of one file. Remembered in the cache under the files'
    /// names, sizes and times, so that a large folder is read only when something in it changed.
    /// </summary>
    public static string Of(string path, string cacheFolder, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var set = Directory.Exists(path) ? LooseFiles.Below(path) : null;
        var files = (set?.Paths ?? [path]).Select(file => new FileInfo(file)).Where(file => file.Exists).ToArray();

        // An empty folder changes what the others are taken for.
        var folders = (set?.Folders ?? []).Select(folder => folder + "/").ToList();
        var listing = files.Select(file => (file.FullName, Target: LooseFiles.Followed(file)))
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Target.FullName}|{file.Target.Length}|{file.Target.LastWriteTimeUtc.Ticks}")).Concat(folders);
        var memory = Path.Combine(cacheFolder, "folders", Hash(listing));
        if (File.Exists(memory) && File.ReadAllText(memory) is var remembered && Checksum.IsWellFormed(remembered))
        {
            return remembered;
        }

        var sums = new string[files.Length];
        var (done, total) = (0L, files.Sum(file => file.Length));
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            sums[i] = $"{Path.GetRelativePath(path, files[i].FullName)}|{SumOf(files[i].FullName, cancellation)}";
            progress?.Report(new DataProgress($"checking {path}", Interlocked.Add(ref done, files[i].Length), total));
        });
        var fingerprint = Hash(sums.Concat(folders));
        AtomicFile.TryWrite(memory, fingerprint);
        return fingerprint;
    }

    private static string SumOf(string file, CancellationToken cancellation)
    {
        try
        {
            return Checksum.OfOneOfMany(file, cancellation);
        }
        catch (UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }

    private static string Hash(IEnumerable<string> lines) => Checksum.OfText(string.Join('\n', lines));
}
