using System.Text.RegularExpressions;

namespace MLNetCnn.Data;

/// <summary>
/// What a dataset is, where it can be had and how it is read: one JSON file in <c>data-manifests/</c>, described by
/// <c>manifest.schema.json</c> beside it. Read strictly: whatever is unknown, missing or malformed is an error.
/// </summary>
public sealed partial record DatasetManifest
{
    /// <summary>The name by which commands and studies call the dataset: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The name by which its makers call it.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence on what the images are.</summary>
    public string Description { get; init; } = "";

    /// <summary>The licence as the source states it; null where none is stated.</summary>
    public string? Licence { get; init; }

    /// <summary>How to cite it; null where nothing is asked for.</summary>
    public string? Citation { get; init; }

    /// <summary>Its page on the web; null where it has none.</summary>
    public string? Homepage { get; init; }

    /// <summary>Collections that its images are drawn from, such as <c>ImageNet</c>: networks that were trained on these have seen some of them.</summary>
    public IReadOnlyList<string> DrawnFrom { get; init; } = [];

    /// <summary>How its files are read.</summary>
    public required IImageReader Format { get; init; }

    /// <summary>The classes in label order; empty only for a bare folder, archive or table, which names them itself.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The images' size. Formats with images of many sizes resize to it.</summary>
    public required ImageShape Image { get; init; }

    /// <summary>The declared number of images per split, checked after reading; empty where nothing is declared.</summary>
    public IReadOnlyDictionary<DatasetSplit, int> Splits { get; init; } = new Dictionary<DatasetSplit, int>();

    /// <summary>The alternatives to get the files from; the first that is at hand is used, the network last.</summary>
    public required IReadOnlyList<DataSource> Sources { get; init; }

    /// <summary>The part of the dataset that is used; null for all of it.</summary>
    public TrimOptions? Trim { get; init; }

    /// <summary>The declared number of images per split after <see cref="Trim"/>, checked likewise; null where nothing is declared.</summary>
    public IReadOnlyDictionary<DatasetSplit, int>? TrimmedSplits { get; init; }

    /// <summary>The parts to hold out of the training images where the files bring no such split; null for none.</summary>
    public HoldOut? HoldOut { get; init; }

    /// <summary>The classes that are used, in label order: <see cref="Classes"/> after <see cref="Trim"/>.</summary>
    public IReadOnlyList<string> UsedClasses => Trim?.Classes is { } kept ? [.. Classes.Where(kept.Contains)] : Classes;

    /// <summary>Reads a manifest file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ManifestException">The file cannot be read, or anything in it is wrong; all problems at once.</exception>
    public static DatasetManifest Read(string path)
    {
        string json;
        try
        {
            json = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException(path, [$"cannot be read: {error.Message}"]);
        }

        return Parse(json, path);
    }

    /// <summary>Reads a manifest's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">The file it comes from, for messages; relative folders in it start beside that file.</param>
    /// <exception cref="ManifestException">Anything in it is wrong; all problems at once.</exception>
    public static DatasetManifest Parse(string json, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return StrictJson.Read(json, path, root => Parse(root, folder));
    }

    /// <summary>
    /// A manifest for images without one: a folder of class folders, with or without <c>train</c>, <c>validation</c> and
    /// <c>test</c> above them; a zip or tar of the same; or a table of paths and labels (<c>.tsv</c>, <c>.csv</c>) beside its images.
    /// </summary>
    /// <param name="path">The folder, archive or table.</param>
    /// <returns>
    /// A manifest with images of 224×224×3 (other sizes are asked for in <see cref="DatasetLoadOptions"/>), which holds out a
    /// fifth of the images for the test where there are no test images.
    /// </returns>
    public static DatasetManifest ForFiles(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var name = Path.GetFileName(full);
        var (format, source) = TableReader.IsTable(full) && !Directory.Exists(full)
            ? ((IImageReader)new TableReader(name), Path.GetDirectoryName(full)!)
            : (new ImageFolderReader(root: null), full);
        return new DatasetManifest
        {
            Name = name,
            Title = name,
            Description = $"The images of {name}.",
            Format = format,
            Classes = [],
            Image = new ImageShape(Channels: 3, Height: 224, Width: 224),
            Sources = [new DataSource { Kind = SourceKind.Folder, Folder = source, Files = [] }],
            HoldOut = new HoldOut(Test: 0.2, Validation: 0, Seed: 0),
        };
    }

    private static DatasetManifest Parse(StrictJson root, string folder)
    {
        root.OptionalText("$schema");
        var manifest = new DatasetManifest
        {
            Name = root.Text("name"),
            Title = root.Text("title"),
            Description = root.Text("description"),
            Licence = root.OptionalText("licence"),
            Citation = root.OptionalText("citation"),
            Homepage = root.OptionalText("homepage"),
            DrawnFrom = root.Texts("drawnFrom") ?? [],
            Format = root.Object("format", ImageReaders.Parse, required: true) ?? new ImageFolderReader(),
            Classes = root.Texts("classes", required: true) ?? [],
            Image = root.Object("image", ParseShape, required: true) ?? new ImageShape(1, 1, 1),
            Splits = SplitCounts.Parse(root, required: true) ?? new Dictionary<DatasetSplit, int>(),
            Sources = root.Objects("sources", source => DataSource.Parse(source, folder), required: true),
            Trim = root.Object("trim", ParseTrim),
            TrimmedSplits = SplitCounts.Parse(root, "trimmedSplits"),
            HoldOut = root.Object("holdOut", HoldOut.Parse),
        };
        CheckTogether(root, manifest);
        return manifest;
    }

    // What no single field can know.
    private static void CheckTogether(StrictJson root, DatasetManifest manifest)
    {
        if (manifest.Name.Length > 0 && !NamePattern().IsMatch(manifest.Name))
        {
            root.Problem("name", $"'{manifest.Name}' is no name: lower-case letters, digits and hyphens");
        }

        foreach (var (index, source) in manifest.Sources.Index())
        {
            var names = source.Files.Select(file => file.Name).ToList();
            if (source.Files.Count > 0 && !(names.Count == 1 && FileSets.IsArchive(names[0])))
            {
                foreach (var missing in (source.Format ?? manifest.Format).Files.Except(names))
                {
                    root.Problem($"sources[{index}].files", $"the format reads '{missing}', which this source does not list");
                }
            }

            foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
            {
                root.Problem($"sources[{index}].files", $"'{twice.Key}' stands in the list twice");
            }

            foreach (var stranger in (source.Classes ?? []).Except(manifest.Classes))
            {
                root.Problem($"sources[{index}].classes", $"'{stranger}' is none of the dataset's classes");
            }
        }

        foreach (var stranger in (manifest.Trim?.Classes ?? []).Except(manifest.Classes))
        {
            root.Problem("trim.classes", $"'{stranger}' is none of the dataset's classes{CloseMatches.Hint(stranger, manifest.Classes)}");
        }
    }

    private static ImageShape ParseShape(StrictJson json)
    {
        var channels = (int)json.Integer("channels", 1, 3);
        if (channels == 2)
        {
            json.Problem("channels", "2 is not possible: 1 (grey) or 3 (RGB)");
        }

        return new ImageShape(
            channels, (int)json.Integer("height", 1, DatasetLoadOptions.MaxSide), (int)json.Integer("width", 1, DatasetLoadOptions.MaxSide));
    }

    private static TrimOptions ParseTrim(StrictJson json) => new()
    {
        Classes = json.Texts("classes"),
        TrainImagesPerClass = json.OptionalInteger("trainImagesPerClass", 1, int.MaxValue),
        TrainImages = json.OptionalInteger("trainImages", 1, int.MaxValue),
        TestImagesPerClass = json.OptionalInteger("testImagesPerClass", 1, int.MaxValue),
        Seed = (int)json.Integer("seed", int.MinValue, int.MaxValue, fallback: 0),
    };

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex NamePattern();
}
