using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>What tells the contents of a folder, or of one file, apart.</summary>
internal static class FolderFingerprint
{
    /// <summary>
    /// SHA-256 over names and contents of what a format reads of a folder, or of one file: of all files below the folder and the names of
    /// its folders, where the format names none. Remembered in the cache under the files' names, sizes and times, so that a large folder
    /// is read only when something in it changed.
    /// </summary>
    public static string Of(string path, IImageReader format, string cacheFolder, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var set = Directory.Exists(path) ? LooseFiles.Below(path) : null;
        var named = set is null ? null : format.Named(set, cancellation);

        // Links on the way to a file say nothing of what the folder holds: its own names do.
        var files = (set?.Files.Where(entry => named?.Contains(entry.Name) != false).Select(entry => (entry.Name, File: new FileInfo(set.PathOf(entry.Name)))) ?? [(Name: "", File: new FileInfo(path))])
            .Where(entry => entry.File.Exists).Select(entry => (entry.Name, entry.File, Target: RealPath.Followed(entry.File))).ToArray();

        // An empty folder changes what the others are taken for.
        var folders = (named is null && set is not null ? set.Folders : []).Select(folder => folder + "/").ToList();
        var listing = files
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Name}|{entry.File.FullName}|{entry.Target.FullName}|{entry.Target.Length}|{entry.Target.LastWriteTimeUtc.Ticks}")).Concat(folders);
        var memory = Path.Combine(cacheFolder, "folders", Hash(listing));
        if (File.Exists(memory) && File.ReadAllText(memory) is var remembered && Checksum.IsWellFormed(remembered))
        {
            return remembered;
        }

        var sums = new string[files.Length];
        var unread = 0;
        var (done, total) = (0L, files.Sum(entry => entry.Target.Length));
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var (name, file, target) = files[i];
            var sum = target.Length == 0 ? "empty" : SumOf(file.FullName, cancellation);
            Interlocked.Add(ref unread, sum is null ? 1 : 0);
            sums[i] = $"{name}|{sum ?? "unreadable"}";
            progress?.Report(new DataProgress($"checking {path}", Interlocked.Add(ref done, target.Length), total));
        });
        var fingerprint = Hash(sums.Concat(folders));
        if (unread == 0)
        {
            // Permission to read a file changes none of what it is remembered under.
            AtomicFile.TryWrite(memory, fingerprint);
        }

        return fingerprint;
    }

    private static string? SumOf(string file, CancellationToken cancellation)
    {
        try
        {
            return Checksum.OfOneOfMany(file, cancellation);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    private static string Hash(IEnumerable<string> lines) => Checksum.OfText(string.Join('\n', lines));
}
