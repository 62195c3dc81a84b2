using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>
/// The room that decoded images and features take in the cache. Before it grows, what has not been used for longest is deleted until
/// the rest fits; what any process is using stays. Downloads are not counted: they would have to be fetched again.
/// </summary>
/// <param name="cacheFolder">The cache's root.</param>
internal sealed class CacheSpace(string cacheFolder)
{
    /// <summary>The environment variable that limits the room, such as <c>20GB</c>.</summary>
    public const string Variable = "MLNETCNN_CACHE_LIMIT";

    private static readonly (string Unit, double Bytes)[] Units = [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];

    /// <summary>The folder of the images, one folder for each entry.</summary>
    public string Images { get; } = Path.Combine(cacheFolder, "images");

    /// <summary>The folder of the features, files called like their entry.</summary>
    public string Activations { get; } = Path.Combine(cacheFolder, "activations");

    /// <summary>The bytes that are there.</summary>
    public long Held => Entries().Sum(entry => entry.Bytes);

    /// <summary>The most bytes that may be there: what the variable says, or half of what the disk has for them.</summary>
    /// <exception cref="ConfigurationException">The variable names no size.</exception>
    public long Limit => LimitWith(Held);

    /// <summary>Notes that an entry is used: it will be among the last to go.</summary>
    /// <param name="file">The entry's file whose time counts.</param>
    public static void Touch(string file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A cache that may only be read is as good.
        }
    }

    /// <summary>Deletes what has not been used for longest until <paramref name="bytes"/> more fit, or all that is left is in use.</summary>
    public void MakeRoom(long bytes)
    {
        var entries = Entries();
        var held = entries.Sum(entry => entry.Bytes);
        var limit = LimitWith(held);
        foreach (var entry in entries.OrderBy(entry => entry.Used))
        {
            if (held + bytes <= limit)
            {
                return;
            }

            if (TryDelete(entry))
            {
                held -= entry.Bytes;
            }
        }
    }

    private static long Parse(string text)
    {
        var (unit, factor) = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        return double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * factor <= long.MaxValue / 2
            ? (long)(number * factor)
            : throw new ConfigurationException($"{Variable} is '{text}': a size such as 20GB or 500MB belongs there, or nothing for half of the free disk");
    }

    private static bool TryDelete(Entry entry)
    {
        try
        {
            using var hold = FileLock.TryAcquire(entry.Lock);
            if (hold is null || entry.Files.Where(IsMapped).Any(IsInUse))
            {
                return false;
            }

            // First what says that the entry is whole: a reader that comes between takes the rest for nothing.
            entry.Files.ForEach(File.Delete);
            if (entry.Folder is { } folder && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true; // Another process was faster.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsMapped(string file) => Path.GetExtension(file) is ".pixels" or ".rows" && File.Exists(file);

    // A mapped file holds a lock of its own, which others share.
    private static bool IsInUse(string file)
    {
        using var free = FileLock.TryAcquire(file);
        return free is null;
    }

    private static long FreeSpace(string path) =>
        Directory.Exists(path) || Path.GetDirectoryName(path) is not { } parent ? new DriveInfo(path).AvailableFreeSpace : FreeSpace(parent);

    private static IEnumerable<DirectoryInfo> Folder(string path) => Directory.Exists(path) ? [new DirectoryInfo(path)] : [];

    private static Entry Of(string path, FileInfo[] files, string? folder) => new(
        path + ".lock",
        [.. files.Select(file => file.FullName)],
        folder,
        files.Sum(file => file.Exists ? file.Length : 0),
        files.Length > 0 ? files[0].LastWriteTimeUtc : default);

    // Another process may have deleted it meanwhile, or called it otherwise; another user's may be closed.
    private static FileInfo[] FilesOf(DirectoryInfo folder)
    {
        try
        {
            return folder.GetFiles();
        }
        catch (Exception error) when (error is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private long LimitWith(long held) => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
        ? Parse(chosen)
        : (FreeSpace(Path.GetFullPath(cacheFolder)) + held) / 2;

    // An entry in the making, or one that was never finished, has its key's lock as well.
    private Entry ImageEntry(DirectoryInfo folder) => Of(
        Path.Combine(Images, folder.Name.Split('.')[0]),
        [.. FilesOf(folder).OrderByDescending(file => file.Name == "index.json")],
        folder.FullName);

    private List<Entry> Entries() =>
    [
        .. Folder(Images).SelectMany(folder => folder.EnumerateDirectories()).Select(ImageEntry),
        .. Folder(Activations).SelectMany(folder => folder.EnumerateFiles("*.rows")).Select(rows => Of(
            Path.ChangeExtension(rows.FullName, null), [new FileInfo(Path.ChangeExtension(rows.FullName, ".done")), rows], folder: null)),
    ];

    /// <param name="Lock">The file that is locked by who makes it.</param>
    /// <param name="Files">Its files; first the one without which the others count for nothing, and whose time says when they were used.</param>
    /// <param name="Folder">The folder that is its own.</param>
    /// <param name="Bytes">The files' size.</param>
    /// <param name="Used">When it was used last.</param>
    private sealed record Entry(string Lock, List<string> Files, string? Folder, long Bytes, DateTime Used);
}
