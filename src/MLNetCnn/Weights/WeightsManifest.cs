using System.Text.RegularExpressions;

using MLNetCnn.Architectures;
using MLNetCnn.Data;

namespace MLNetCnn.Weights;

/// <summary>
/// A set of pretrained weights: which network it is for, where it can be had, what images it takes and what its classes are called.
/// One JSON file in <c>data-manifests/weights/</c>. Read strictly: whatever is unknown, missing or malformed is an error.
/// </summary>
public sealed partial record WeightsManifest
{
    /// <summary>The name by which commands and studies call it: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what it is.</summary>
    public required string Description { get; init; }

    /// <summary>The name of the architecture in the <see cref="ArchitectureCatalog"/>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The settings that the architecture needs for these weights.</summary>
    public ArchitectureSettings Settings { get; init; } = ArchitectureSettings.Empty;

    /// <summary>Whether these are the weights of the architecture where nobody names any.</summary>
    public bool IsDefault { get; init; }

    /// <summary>How the tensors are written.</summary>
    public required WeightsFormat Format { get; init; }

    /// <summary>The alternatives to get the files from; the first that is at hand is used, the network last.</summary>
    public required IReadOnlyList<DataSource> Sources { get; init; }

    /// <summary>The licence as the source states it; null where none is stated.</summary>
    public string? Licence { get; init; }

    /// <summary>How to cite it; null where nothing is asked for.</summary>
    public string? Citation { get; init; }

    /// <summary>Its page on the web; null where it has none.</summary>
    public string? Homepage { get; init; }

    /// <summary>The collection that they were trained on, such as <c>ImageNet</c>; null where nobody says.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>What is to be done to images.</summary>
    public WeightsPreprocessing Preprocessing { get; init; } = WeightsPreprocessing.ImageNet;

    /// <summary>Whether the weights were trained on blue, green, red; their first filters are turned round when they are loaded.</summary>
    public bool BlueFirst { get; init; }

    /// <summary>The classes of the weights' own head in label order; empty where they are not known.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How the network calls the tensors.</summary>
    public TensorNames Tensors { get; init; } = TensorNames.Same;

    /// <summary>Whether this was made up for a user's own file of weights: nobody has tried yet whether they fit.</summary>
    internal bool IsForOwnFile { get; init; }

    /// <summary>The published top-1 accuracy on the validation images of ImageNet, in (0, 1); null where none is published.</summary>
    public double? Top1 { get; init; }

    /// <summary>Reads a manifest file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ManifestException">The file cannot be read, or anything in it is wrong; all problems at once.</exception>
    public static WeightsManifest Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException(path, [$"cannot be read: {error.Message}"]);
        }
    }

    /// <summary>Reads a manifest's text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">The file it comes from, for messages; relative paths in it start beside that file.</param>
    /// <exception cref="ManifestException">Anything in it is wrong; all problems at once.</exception>
    public static WeightsManifest Parse(string json, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return StrictJson.Read(json, path, root => Parse(root, folder));
    }

    private static WeightsManifest Parse(StrictJson root, string folder)
    {
        var manifest = new WeightsManifest
        {
            Name = root.Text("name"),
            Description = root.Text("description"),
            Architecture = ArchitectureCatalog.Canonical(root.Text("architecture")),
            Settings = new ArchitectureSettings(root.Raw("settings")),
            IsDefault = root.Flag("default", fallback: false),
            Format = root.Object("format", WeightsFormat.Parse, required: true) ?? new(WeightsFormatKind.Safetensors, ""),
            Sources = root.Objects("sources", source => DataSource.ParsePlace(source, folder, DataFile.ParseWeights), required: true),
            Licence = root.OptionalText("licence"),
            Citation = root.OptionalText("citation"),
            Homepage = root.OptionalText("homepage"),
            TrainedOn = root.OptionalText("trainedOn"),
            Preprocessing = root.Object("preprocessing", WeightsPreprocessing.Parse, required: true) ?? WeightsPreprocessing.ImageNet,
            BlueFirst = root.OptionalChoice("channelOrder", "rgb", "bgr") == "bgr",
            Labels = root.Object("labels", json => LabelFile.Parse(json, folder)) ?? [],
            Tensors = root.Object("tensors", TensorNames.Parse) ?? TensorNames.Same,
            Top1 = root.OptionalFraction("top1"),
        };
        CheckTogether(root, manifest);
        return manifest;
    }

    // What no single field can know.
    private static void CheckTogether(StrictJson root, WeightsManifest manifest)
    {
        if (manifest.Name.Length > 0 && !NamePattern().IsMatch(manifest.Name))
        {
            root.Problem("name", $"'{manifest.Name}' is no name: lower-case letters, digits and hyphens");
        }

        if (manifest.Architecture.Length > 0)
        {
            foreach (var problem in ArchitectureCatalog.Problems(manifest.Architecture, null, null, manifest.Settings))
            {
                root.Problem("architecture", problem);
            }
        }

        foreach (var (index, source) in manifest.Sources.Index())
        {
            if (manifest.Format.File.Length > 0 && source.Files.All(file => file.Name != manifest.Format.File))
            {
                root.Problem($"sources[{index}].files", $"the format reads '{manifest.Format.File}', which this source does not list");
            }

            foreach (var twice in source.Files.GroupBy(file => file.Name).Where(group => group.Count() > 1))
            {
                root.Problem($"sources[{index}].files", $"'{twice.Key}' stands in the list twice");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex NamePattern();
}
