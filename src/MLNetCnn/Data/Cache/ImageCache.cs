using System.Runtime.InteropServices;
using System.Text.Json;
using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>
/// Decoded images on disk: one folder per content hash, in it <c>index.json</c> and one shard of all splits, one after the other:
/// <c>images.pixels</c> (<c>uint8 [N, H, W, C]</c>), <c>.labels</c> (<c>int32</c>, little-endian), <c>.names</c> (a line each) and
/// <c>.sizes</c> before resizing (<c>int32 [N, 2]</c>). A folder appears complete or not at all, so that any number of processes and
/// trials can share the cache.
/// </summary>
/// <param name="cacheFolder">The cache's root.</param>
internal sealed class ImageCache(string cacheFolder)
{
    /// <summary>Changes whenever the bytes that are written for the same input change.</summary>
    public const int FormatVersion = 6;

    /// <summary>The shard's files, without ending.</summary>
    public const string Shard = "images";

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly CacheSpace _space = new(cacheFolder);

    /// <summary>Whether the cache has the images of a key.</summary>
    public bool Has(string key) => File.Exists(IndexOf(key));

    /// <summary>Opens the images of a key; null where the cache does not have them.</summary>
    public CachedImages? TryOpen(string key, CancellationToken cancellation)
    {
        if (!Has(key))
        {
            return null;
        }

        try
        {
            using var hold = Hold(key, cancellation);
            return OpenHeld(key);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // From a cache that may only be read nothing is deleted either.
            return OpenHeld(key);
        }
    }

    /// <summary>Opens the images of a key, and makes them first where no process has yet.</summary>
    public CachedImages OpenOrCreate(string key, Func<ImageCacheWriter, CacheIndex> write, CancellationToken cancellation)
    {
        CacheFolder.Create(_space.Images);
        using var hold = HoldToWrite(key, cancellation);
        if (OpenHeld(key) is { } made)
        {
            return made;
        }

        var unfinished = Path.Combine(_space.Images, $"{key}.{Guid.NewGuid():N}.part");
        var entry = Path.Combine(_space.Images, key);
        try
        {
            Directory.CreateDirectory(unfinished);
            var index = write(new ImageCacheWriter(unfinished, _space, cancellation));
            File.WriteAllText(Path.Combine(unfinished, "index.json"), JsonSerializer.Serialize(index, JsonOptions));
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true); // Damaged: it was refused above.
            }

            Directory.Move(unfinished, entry);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(entry, error);
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }

        return OpenHeld(key) ?? throw new DatasetException($"the image cache {entry} was written but cannot be read back: delete the folder and try again");
    }

    /// <summary>What a full disk, or one without permission, is answered with.</summary>
    public static DatasetException Unwritable(string entry, Exception cause) =>
        CacheFolder.Unwritable($"the image cache {entry}", cause);

    /// <summary>The folder of a key.</summary>
    public string FolderOf(string key) => Path.Combine(_space.Images, key);

    private string IndexOf(string key) => Path.Combine(FolderOf(key), "index.json");

    private IDisposable Hold(string key, CancellationToken cancellation) => FileLock.Acquire(FolderOf(key) + ".lock", cancellation);

    private IDisposable HoldToWrite(string key, CancellationToken cancellation)
    {
        try
        {
            return Hold(key, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(FolderOf(key), error);
        }
    }

    // Under the key's lock nobody deletes what is being opened.
    private CachedImages? OpenHeld(string key)
    {
        var (entry, indexFile) = (FolderOf(key), IndexOf(key));
        if (!File.Exists(indexFile))
        {
            return null;
        }

        try
        {
            var index = JsonSerializer.Deserialize<CacheIndex>(File.ReadAllText(indexFile), JsonOptions)!;
            CacheSpace.Touch(indexFile);
            return Open(entry, key, index) is { } images ? new CachedImages(index, images, entry) : null;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    private static ImageSet? Open(string entry, string key, CacheIndex index)
    {
        var name = Path.Combine(entry, Shard);
        var labels = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(name + ".labels")).ToArray();
        return labels.Length == index.Counts.Values.Sum() && new FileInfo(name + ".pixels").Length == (long)labels.Length * index.Shape.Size
            ? ImageSet.Whole(new FixedMemory(name + ".pixels"), index.Shape, index.Classes, labels, key, new ImageOrigins(name))
            : null;
    }
}

/// <summary>What an entry of the image cache holds.</summary>
/// <param name="Classes">The classes in label order.</param>
/// <param name="Shape">The images' size.</param>
/// <param name="Counts">The images per split; they lie in the splits' order.</param>
/// <param name="Problems">What was left out, one line each.</param>
/// <param name="LeftOut">How many files and images were left out.</param>
/// <param name="Root">The folder or archive that they were read from; null where they have no path of their own.</param>
internal sealed record CacheIndex(
    IReadOnlyList<string> Classes, ImageShape Shape, IReadOnlyDictionary<DatasetSplit, int> Counts, IReadOnlyList<string> Problems, int LeftOut, OriginRoot? Root = null)
{
    /// <summary>A line for each of what was left out, as far as they are kept.</summary>
    public IReadOnlyList<string> AllLeftOut { get; init; } = [];

    /// <summary>How many images are there of which a part is lost.</summary>
    public int Damaged { get; init; }

    /// <summary>A line for each of these, as far as they are kept.</summary>
    public IReadOnlyList<string> AllDamaged { get; init; } = [];

    /// <summary>What an entry holds, and what its reading left out.</summary>
    public static CacheIndex Of(IReadOnlyList<string> classes, ImageShape shape, IReadOnlyDictionary<DatasetSplit, int> counts, LeftOut leftOut, OriginRoot? root = null) =>
        new(classes, shape, counts, leftOut.Lines, leftOut.Count, root) { AllLeftOut = leftOut.AllLines, Damaged = leftOut.Damaged, AllDamaged = leftOut.DamagedLines };

    /// <summary>The same of files that lie elsewhere now.</summary>
    public CacheIndex Moved(OriginRoot from, OriginRoot now)
    {
        return this with { Problems = Lines(Problems), AllLeftOut = Lines(AllLeftOut), AllDamaged = Lines(AllDamaged) };

        IReadOnlyList<string> Lines(IReadOnlyList<string> lines) => [.. lines.Select(line => from.Moved(line, now))];
    }
}

/// <summary>An opened entry of the image cache.</summary>
internal sealed record CachedImages(CacheIndex Index, ImageSet All, string Folder)
{
    /// <summary>The images under the names that they have where the same folder or archive lies now.</summary>
    public CachedImages At(OriginRoot? now)
    {
        if (now is null || Index.Root is not { } root || root == now)
        {
            return this;
        }

        All.Rename(name => root.Moved(name, now));
        return this with { Index = Index.Moved(root, now) };
    }

    /// <summary>The images of a split, a view of <see cref="All"/>; null where there are none.</summary>
    public ImageSet? Part(DatasetSplit split) => Index.Counts.TryGetValue(split, out var count)
        ? All.Subset([.. Enumerable.Range(Index.Counts.Where(part => part.Key < split).Sum(part => part.Value), count)])
        : null;
}

/// <summary>Writes the splits of a new entry, in their order.</summary>
internal sealed class ImageCacheWriter(string folder, CacheSpace space, CancellationToken cancellation)
{
    /// <summary>Reads the chosen images and writes them; unreadable ones are left out and noted.</summary>
    /// <returns>The number of images written; 0 only where <paramref name="mayBeEmpty"/>.</returns>
    public int Write(
        DatasetSplit split, ISplitReader reader, int[] chosen, int[] labels, ImageShape shape, ResizingKind resizing, LeftOut leftOut, IProgress<DataProgress>? progress, bool mayBeEmpty = false)
    {
        var name = SplitCounts.NameOf(split);
        var unreadable = new LeftOut();
        space.MakeRoom((long)chosen.Length * shape.Size);
        using var shard = new ImageShard(
            Path.Combine(folder, ImageCache.Shard), name, chosen.Length, shape, resizing,
            done => progress?.Report(new DataProgress($"reading the {name} images", done, chosen.Length)), cancellation);
        reader.Read(chosen, shard, cancellation);
        var written = shard.Complete(labels, unreadable);
        leftOut.Add(unreadable);
        return written > 0 || mayBeEmpty ? written : throw new DatasetException($"none of the {chosen.Length} {name} images can be read: {unreadable.Lines[0]}");
    }
}
