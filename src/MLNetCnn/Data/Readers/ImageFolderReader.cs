using MLNetCnn.Imaging;

namespace MLNetCnn.Data;

/// <summary>
/// Class folders of images: <c>cat/1.jpg</c>, <c>dog/2.jpg</c>, …; or the same below <c>train</c>, <c>validation</c> (also
/// <c>val</c>, <c>valid</c>) and <c>test</c>. Without split folders all images are for training.
/// </summary>
internal sealed class ImageFolderReader : IImageReader
{
    public const string KindName = "imageFolder";

    private static readonly Dictionary<string, DatasetSplit> SplitNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = DatasetSplit.Train,
        ["training"] = DatasetSplit.Train,
        ["validation"] = DatasetSplit.Validation,
        ["valid"] = DatasetSplit.Validation,
        ["val"] = DatasetSplit.Validation,
        ["test"] = DatasetSplit.Test,
    };

    private static readonly HashSet<string> Endings =
        new([".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".gif"], StringComparer.OrdinalIgnoreCase);

    private readonly string _root;

    /// <summary>Reads the folders below <paramref name="root"/>, a path below the source's folder.</summary>
    public ImageFolderReader(string root = "") => _root = root;

    public string Kind => KindName;

    public IReadOnlyList<string> Files => [];

    public string Identity => $"{Kind}:{_root}";

    public static ImageFolderReader Parse(StrictJson json) => new(json.OptionalText("root") ?? "");

    public OpenedImages Open(ResolvedSource source, ExpectedImages expected)
    {
        if (source.Source.Folder is not { } folder || !Directory.Exists(Path.Combine(folder, _root)))
        {
            throw new DatasetException($"{Path.Combine(source.Source.Folder ?? "", _root)} is no folder: the format {KindName} reads folders of images");
        }

        var top = Path.Combine(folder, _root);
        var splits = SplitFolders(top);
        var found = splits.SelectMany(split => Subfolders(split.Folder)).Select(Path.GetFileName).Distinct().Order(StringComparer.Ordinal).ToList();
        if (found.Count < 2)
        {
            throw new DatasetException($"{top} has {(found.Count == 0 ? "no class folders" : $"only the class folder '{found[0]}'")}: images are expected in at least two, as in {Path.Combine(top, "<class>", "<image>.jpg")}");
        }

        var classes = expected.Classes.Count > 0 ? expected.Classes : found!;
        if (found.Except(classes).ToList() is { Count: > 0 } strangers)
        {
            throw new DatasetException($"{top} has folders that are none of the manifest's classes: {string.Join(", ", strangers)}");
        }

        var problems = new List<string>();
        var readers = splits.Select(split => Open(split.Split, split.Folder, classes, problems)).Where(split => split.Labels.Count > 0).ToList();
        if (readers.All(reader => reader.Split != DatasetSplit.Train))
        {
            throw new DatasetException($"{top} has no training images ({string.Join(", ", Endings)} are read)");
        }

        return new OpenedImages(classes, readers, problems);
    }

    // Split folders count only where nothing else lies beside them: 'train' may as well be a class of vehicles.
    private static List<(DatasetSplit Split, string Folder)> SplitFolders(string top)
    {
        var folders = Subfolders(top);
        var names = folders.Select(folder => Path.GetFileName(folder)!).ToList();
        return names.Count > 0 && names.All(SplitNames.ContainsKey) && names.DistinctBy(name => SplitNames[name]).Count() == names.Count
            ? [.. folders.Select(folder => (SplitNames[Path.GetFileName(folder)!], folder)).OrderBy(split => split.Item1)]
            : [(DatasetSplit.Train, top)];
    }

    private static FolderSplit Open(DatasetSplit split, string folder, IReadOnlyList<string> classes, List<string> problems)
    {
        var paths = new List<string>();
        var labels = new List<int>();
        for (var label = 0; label < classes.Count; label++)
        {
            var classFolder = Path.Combine(folder, classes[label]);
            var files = Directory.Exists(classFolder) ? FolderFiles.In(classFolder) : [];
            var images = files.Where(file => Endings.Contains(Path.GetExtension(file))).ToList();
            if (images.Count == 0)
            {
                problems.Add($"{classFolder} holds no images: the {SplitCounts.NameOf(split)} split has none of the class '{classes[label]}'");
            }

            problems.AddRange(files.Except(images).Select(file => $"{file} is no image by its ending: left out"));
            paths.AddRange(images);
            labels.AddRange(Enumerable.Repeat(label, images.Count));
        }

        return new FolderSplit(split, paths, labels);
    }

    private static List<string> Subfolders(string folder) =>
        [.. Directory.EnumerateDirectories(folder).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal)];

    private sealed class FolderSplit(DatasetSplit split, List<string> paths, List<int> labels) : ISplitReader
    {
        public DatasetSplit Split => split;

        public IReadOnlyList<int> Labels => labels;

        public IReadOnlyList<string?> Read(ReadOnlySpan<int> indices, ImageShape shape, ResizingKind resizing, Span<byte> destination)
        {
            var encoded = new ReadOnlyMemory<byte>[indices.Length];
            var unreadable = new string?[indices.Length];
            for (var i = 0; i < encoded.Length; i++)
            {
                try
                {
                    encoded[i] = File.ReadAllBytes(paths[indices[i]]);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    unreadable[i] = error.Message;
                }
            }

            var errors = ImageBatch.Decode(encoded, destination, shape.Height, shape.Width, shape.Channels, resizing);
            for (var i = 0; i < errors.Length; i++)
            {
                errors[i] = (unreadable[i] ?? errors[i]) is { } reason ? $"{paths[indices[i]]}: {reason}" : null;
            }

            return errors;
        }
    }
}
