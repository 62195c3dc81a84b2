using MLNetCnn.Architectures;
using MLNetCnn.Data;

namespace MLNetCnn.Weights;

/// <summary>Finds pretrained weights by what users call them: a manifest's name, a manifest file, or a file of weights.</summary>
public sealed class WeightsCatalog
{
    private const string FolderName = "weights";

    private readonly IReadOnlyList<string> _folders;

    /// <summary>The weights beside the dataset manifests.</summary>
    public WeightsCatalog()
        : this(new ManifestCatalog().Folders.Select(folder => Path.Combine(folder, FolderName)))
    {
    }

    /// <summary>The weights in some folders; of two of the same name, the first folder's.</summary>
    /// <param name="folders">The folders; those that do not exist are passed over.</param>
    public WeightsCatalog(IEnumerable<string> folders) => _folders = [.. folders.Where(Directory.Exists).Distinct()];

    /// <summary>The names of all weights, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. Files().Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads all manifests, in the order of their names.</summary>
    /// <exception cref="ManifestException">One of them is wrong.</exception>
    public IReadOnlyList<WeightsManifest> LoadAll()
    {
        var files = Files();
        return [.. files.Keys.Order(StringComparer.Ordinal).Select(name => Read(files[name], name))];
    }

    /// <summary>The weights of an architecture where nobody names any; null where it has none.</summary>
    /// <param name="architecture">The architecture's name.</param>
    /// <exception cref="ManifestException">One of the manifests is wrong.</exception>
    public WeightsManifest? DefaultFor(string architecture) =>
        LoadAll().FirstOrDefault(manifest => manifest.IsDefault && IsFor(manifest, architecture));

    /// <summary>The weights that a user names.</summary>
    /// <param name="weights">
    /// A name of <see cref="Names"/>, the path of a manifest, or that of a <c>.pth</c>, <c>.pt</c> or <c>.safetensors</c> file: it is
    /// taken to have torchvision's names and preprocessing. A file name alone is looked for in mirror folders too.
    /// </param>
    /// <param name="architecture">The architecture that they must be for, which a single file does not tell; null where any will do.</param>
    /// <exception cref="ConfigurationException">There are none, or they are for another architecture; the message names close ones.</exception>
    /// <exception cref="ManifestException">The manifest is wrong.</exception>
    public WeightsManifest Find(string weights, string? architecture = null)
    {
        var files = Files();
        var manifest = files.TryGetValue(weights, out var file) ? Read(file, weights)
            : !File.Exists(weights) && !IsFileName(weights) ? throw new ConfigurationException(UnknownMessage(weights))
            : Path.GetExtension(weights) == ".json" ? WeightsManifest.Read(weights)
            : ForFile(weights, architecture);
        return architecture is null || IsFor(manifest, architecture)
            ? manifest
            : throw new ConfigurationException($"the weights '{weights}' are for {manifest.Architecture}, not for {architecture}: {Alternatives(architecture)}");
    }

    /// <summary>The names of all weights of an architecture.</summary>
    internal IReadOnlyList<string> NamesFor(string architecture) => [.. LoadAll().Where(manifest => IsFor(manifest, architecture)).Select(manifest => manifest.Name)];

    // What torchvision's own weights of the architecture need, a file of the same names will need too.
    private WeightsManifest ForFile(string path, string? architecture)
    {
        var format = WeightsFormat.Of(path)
            ?? throw new ConfigurationException($"{path} needs a manifest, a .json that says how its tensors are called in the network: only {WeightsFormat.KnownEndings} files with torchvision's names can do without");
        architecture = ArchitectureCatalog.Get(architecture ?? throw new ConfigurationException($"{path} does not tell which network it is for: name the architecture")).Name;
        var name = Path.GetFileName(path);
        var like = LoadAll().FirstOrDefault(manifest => IsFor(manifest, architecture) && manifest.Format.Kind == WeightsFormatKind.PyTorch);
        return new WeightsManifest
        {
            Name = name,
            Description = $"The weights in {name}.",
            IsForOwnFile = true,
            Architecture = architecture,
            Settings = like?.Settings ?? ArchitectureSettings.Empty,
            Format = format,
            Sources = [File.Exists(path)
                ? new DataSource { Kind = SourceKind.Folder, Folder = Path.GetFullPath(path), Files = [] }
                : new DataSource { Kind = SourceKind.Mirror, Files = [new DataFile(name, name, Size: null, Sha256: "")] }],
            Preprocessing = like?.Preprocessing ?? WeightsPreprocessing.ImageNet,
            Labels = like?.Labels ?? [],
            Tensors = like?.Tensors ?? TensorNames.Same,
        };
    }

    // What a study asks its readers to bring is looked for in their mirrors.
    private static bool IsFileName(string weights) => WeightsFormat.Of(weights) is not null && Path.GetFileName(weights) == weights;

    private static bool IsFor(WeightsManifest manifest, string architecture) => manifest.Architecture == ArchitectureCatalog.Canonical(architecture);

    private string UnknownMessage(string weights) =>
        $"unknown weights '{weights}'{CloseMatches.Hint(weights, Names)} (known: {(Names.Count == 0 ? "none" : string.Join(", ", Names))}; "
        + $"a manifest file or a file of weights ({WeightsFormat.KnownEndings}) will do as well)";

    private string Alternatives(string architecture)
    {
        var names = NamesFor(architecture);
        return names.Count == 0 ? $"give a file of weights ({WeightsFormat.KnownEndings})" : $"choose from {string.Join(", ", names)}, or give a file of weights ({WeightsFormat.KnownEndings})";
    }

    private static WeightsManifest Read(string file, string name)
    {
        var manifest = WeightsManifest.Read(file);
        return manifest.Name == name
            ? manifest
            : throw new ManifestException(file, [$"$.name: '{manifest.Name}' must be the file's name without its ending, '{name}'"]);
    }

    private Dictionary<string, string> Files()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in _folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")))
        {
            files.TryAdd(Path.GetFileNameWithoutExtension(file), file);
        }

        return files;
    }
}
