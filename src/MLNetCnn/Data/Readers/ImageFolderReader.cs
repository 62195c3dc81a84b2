namespace MLNetCnn.Data;

/// <summary>
/// Class folders of images: <c>cat/1.jpg</c>, <c>dog/2.jpg</c>, …; or the same below <c>train</c>, <c>validation</c> and <c>test</c>
/// (also <c>training</c>, <c>val</c>, <c>valid</c> and <c>testing</c>). Where lists name the images of each split (<c>cat/1</c>, one a line, with or
/// without ending), those are the splits. Without either all images are for training.
/// </summary>
internal sealed class ImageFolderReader : IImageReader
{
    public const string KindName = "imageFolder";

    private readonly string? _root;
    private readonly IReadOnlyDictionary<DatasetSplit, string> _lists;

    /// <summary>Reads the folders below <paramref name="root"/>, a path in the set; null to find it below folders that hold nothing but one folder, or one beside folders of lists.</summary>
    public ImageFolderReader(string? root = "", IReadOnlyDictionary<DatasetSplit, string>? lists = null) =>
        (_root, _lists) = (root?.Trim('/'), lists ?? new Dictionary<DatasetSplit, string>());

    public string Kind => KindName;

    public IReadOnlyList<string> Files => [];

    public string Identity => $"{Kind}:{_root}:{string.Join(';', _lists.OrderBy(list => list.Key).Select(list => $"{SplitCounts.NameOf(list.Key)}={list.Value}"))}";

    public static ImageFolderReader Parse(StrictJson json) => new(json.OptionalText("root") ?? "", json.Object("lists", ParseLists));

    public OpenedImages Open(IFileSet files, ExpectedImages expected, CancellationToken cancellation)
    {
        var tree = FolderTree.Of(files, _root);
        var leftOut = new LeftOut();
        var splits = _lists.Count > 0 ? [(DatasetSplit.Train, "")] : SplitFolders(tree, leftOut);
        var folders = splits.SelectMany(split => tree.Folders(split.Item2)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (folders.Count < 2)
        {
            throw new DatasetException($"{tree.Path} has {(folders.Count == 0 ? "no class folders" : $"only the class folder '{folders[0]}'")}: images are expected in at least two, as in {tree.Path}/<class>/<image>.jpg{files.LeftOut.Example}");
        }

        leftOut.Add(files.LeftOut);
        NoteLikelySplits(tree, folders, leftOut);
        var (classes, labels) = LabelsOf(folders, expected.Classes, tree, splits, leftOut);
        foreach (var loose in tree.Loose([.. splits.Select(split => split.Item2)]))
        {
            leftOut.Add(tree.PathOf(loose), " lies in no class folder");
        }

        var images = splits.SelectMany(split => Images(tree, split.Item1, split.Item2, labels, leftOut)).ToList();
        if (_lists.Count > 0)
        {
            images = new SplitLists(files, _lists, cancellation).Assign(images, tree, leftOut);
        }

        var readers = images.GroupBy(image => image.Split).OrderBy(split => split.Key)
            .Select(split => new EncodedSplit(split.Key, files, [.. split.Select(image => image.File)], [.. split.Select(image => image.Label)], tree.Root)).ToList();
        foreach (var reader in readers)
        {
            NoteEmptyClasses(reader, classes, leftOut);
        }

        return readers.Any(reader => reader.Split == DatasetSplit.Train)
            ? new OpenedImages(classes, readers, leftOut)
            : throw new DatasetException($"{tree.Path} has no training images ({ImageFiles.KnownEndings} are read)");
    }

    // 'train' may as well be a class of vehicles: split folders are those with nothing beside them, or that hold the same classes.
    private static List<(DatasetSplit Split, string Folder)> SplitFolders(FolderTree tree, LeftOut leftOut)
    {
        var names = tree.Folders("");
        var parts = names.Where(SplitCounts.Spellings.ContainsKey).ToList();
        var others = names.Except(parts).ToList();
        var areSplits = parts.Count > 0 && parts.DistinctBy(name => SplitCounts.Spellings[name]).Count() == parts.Count
            && (others.Count == 0 ? parts.Any(name => tree.Folders(name).Count > 0) : parts.Count > 1 && parts.Select(tree.Folders).Aggregate((one, other) => [.. one.Intersect(other)]).Count > 0);
        if (!areSplits)
        {
            return [(DatasetSplit.Train, "")];
        }

        foreach (var other in others)
        {
            leftOut.Add($"{tree.Path}/{other}", $" lies beside {string.Join(" and ", parts)} and is none of the parts");
        }

        return [.. parts.Select(name => (SplitCounts.Spellings[name], name)).OrderBy(split => split.Item1)];
    }

    // Where classes are declared, every folder must be one of them; else folders without any image are none.
    private static (IReadOnlyList<string> Classes, Dictionary<string, int> Labels) LabelsOf(
        List<string> folders, IReadOnlyList<string> declared, FolderTree tree, List<(DatasetSplit Split, string Folder)> splits, LeftOut leftOut)
    {
        var known = folders;
        if (declared.Count == 0)
        {
            known = [.. folders.Where(folder => splits.Any(split => tree.Files(split.Folder, folder).Any(ImageFiles.IsImage)))];
            foreach (var empty in folders.Except(known))
            {
                leftOut.Add($"{tree.Path}/{empty}", " holds no images");
            }

            if (known.Count < 2)
            {
                throw new DatasetException($"{tree.Path} has images of {known.Count} class(es): at least two are needed ({ImageFiles.KnownEndings} are read){leftOut.Example}");
            }
        }

        var found = ClassNames.Of(known);
        var classes = declared.Count > 0 ? declared : found;
        if (found.Except(classes).ToList() is { Count: > 0 } strangers)
        {
            throw new DatasetException($"{tree.Path} has folders that are none of the manifest's classes: {string.Join(", ", strangers.Take(LeftOut.NamedOfAKind))}");
        }

        var order = classes.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        return (classes, known.Index().ToDictionary(folder => folder.Item, folder => order[found[folder.Index]], StringComparer.Ordinal));
    }

    private static IEnumerable<FolderImage> Images(FolderTree tree, DatasetSplit split, string splitFolder, Dictionary<string, int> labels, LeftOut leftOut)
    {
        foreach (var (folder, label) in labels.OrderBy(pair => pair.Value))
        {
            foreach (var file in tree.Files(splitFolder, folder))
            {
                if (ImageFiles.IsImage(file))
                {
                    yield return new FolderImage(split, file, label);
                }
                else
                {
                    leftOut.Add(tree.PathOf(file), ImageFiles.ReasonLeftOut(file));
                }
            }
        }
    }

    // Parts of a dataset under names of their own would be learnt instead of what is in them.
    private static void NoteLikelySplits(FolderTree tree, List<string> folders, LeftOut leftOut)
    {
        var within = tree.Folders(folders[0]);
        if (within.Count > 1 && folders.All(folder => tree.Folders(folder).SequenceEqual(within)))
        {
            leftOut.Note($"{string.Join(" and ", folders.Take(2).Select(LeftOut.Printable))} hold the same folders ({string.Join(", ", within.Take(3).Select(LeftOut.Printable))}, …) and are taken as classes: if they are parts of the dataset, call them train, validation and test");
        }
    }

    private static void NoteEmptyClasses(EncodedSplit reader, IReadOnlyList<string> classes, LeftOut leftOut)
    {
        foreach (var (label, name) in classes.Index().ExceptBy(reader.Labels.Distinct(), named => named.Index))
        {
            leftOut.Note($"the class '{LeftOut.Printable(name)}' holds no images: the {SplitCounts.NameOf(reader.Split)} split has none of it");
        }
    }

    private static Dictionary<DatasetSplit, string> ParseLists(StrictJson json)
    {
        var lists = new Dictionary<DatasetSplit, string>();
        foreach (var (name, split) in SplitCounts.Names)
        {
            if (json.OptionalText(name, required: split == DatasetSplit.Train) is { } path)
            {
                lists[split] = path;
            }
        }

        return lists;
    }
}

/// <summary>An image of a class folder.</summary>
internal sealed record FolderImage(DatasetSplit Split, string File, int Label);
