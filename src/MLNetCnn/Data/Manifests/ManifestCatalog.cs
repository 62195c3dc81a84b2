namespace MLNetCnn.Data;

/// <summary>Finds datasets by what users call them: a manifest's name, a manifest file, a folder or archive of class folders, or a table of paths and labels.</summary>
public sealed class ManifestCatalog
{
    private const string FolderName = "data-manifests";

    /// <summary>Makes a catalog of the manifests in the given folders; the first folder that knows a name wins.</summary>
    /// <param name="folders">The folders; those that do not exist are passed over.</param>
    public ManifestCatalog(IEnumerable<string> folders) => Folders = [.. folders.Where(Directory.Exists).Distinct()];

    /// <summary>
    /// Makes a catalog of the manifests in the <c>data-manifests</c> folders of the current folder and those above it, and in
    /// <see cref="DefaultFolder"/>.
    /// </summary>
    public ManifestCatalog()
        : this(AncestorFolders.Of(Environment.CurrentDirectory).Select(folder => Path.Combine(folder, FolderName)).Append(DefaultFolder))
    {
    }

    /// <summary>The product's own manifests: <c>data-manifests</c> beside the application, or above it in a checkout.</summary>
    public static string DefaultFolder { get; } =
        AncestorFolders.Of(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, FolderName)).FirstOrDefault(Directory.Exists)
        ?? Path.Combine(AppContext.BaseDirectory, FolderName);

    /// <summary>The folders that are searched, in order.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>The names of all datasets, in alphabetical order.</summary>
    public IReadOnlyList<string> Names => [.. Files().Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads all manifests, in the order of their names.</summary>
    /// <exception cref="ManifestException">One of them is wrong.</exception>
    public IReadOnlyList<DatasetManifest> LoadAll()
    {
        var files = Files();
        return [.. files.Keys.Order(StringComparer.Ordinal).Select(name => Read(files[name], name))];
    }

    /// <summary>Whether a file is a manifest, an archive of class folders or a table of paths and labels, by its ending.</summary>
    /// <param name="path">The file.</param>
    public static bool IsDatasetFile(string path) => IsManifest(path) || FileSets.IsArchive(path) || TableReader.IsTable(path);

    /// <summary>The manifest of a dataset.</summary>
    /// <param name="dataset">A name, the path of a manifest file, or the path of a folder or archive of class folders, or of a table.</param>
    /// <exception cref="ConfigurationException">Nothing of that name; the message lists the known names and close ones.</exception>
    /// <exception cref="ManifestException">The manifest is wrong.</exception>
    public DatasetManifest Find(string dataset)
    {
        var files = Files();
        if (files.TryGetValue(dataset, out var file))
        {
            return Read(file, dataset);
        }

        if (Directory.Exists(dataset) || (File.Exists(dataset) && IsDatasetFile(dataset)))
        {
            return IsManifest(dataset) ? DatasetManifest.Read(dataset) : DatasetManifest.ForFiles(dataset);
        }

        if (dataset.Contains('/') || Path.HasExtension(dataset))
        {
            throw new ConfigurationException($"{dataset}: {(Path.Exists(dataset) ? "is no dataset" : "there is no such file or folder")}; a dataset is a manifest file, a folder or archive ({FileSets.KnownEndings}) of class folders, or a .tsv or .csv of paths and labels");
        }

        throw new ConfigurationException(
            $"unknown dataset '{dataset}'{CloseMatches.Hint(dataset, files.Keys)}"
            + $" (known: {(files.Count == 0 ? "none" : string.Join(", ", Names))}; a manifest file, a folder or archive ({FileSets.KnownEndings}) of class folders, or a .tsv or .csv of paths and labels will do as well)");
    }

    private static bool IsManifest(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static DatasetManifest Read(string file, string name)
    {
        var manifest = DatasetManifest.Read(file);
        return manifest.Name == name
            ? manifest
            : throw new ManifestException(file, [$"$.name: '{manifest.Name}' must be the file's name without its ending, '{name}'"]);
    }

    private Dictionary<string, string> Files()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.json")))
        {
            if (!file.EndsWith(".schema.json", StringComparison.Ordinal))
            {
                files.TryAdd(Path.GetFileNameWithoutExtension(file), file);
            }
        }

        return files;
    }
}
