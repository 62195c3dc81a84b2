namespace MLNetCnn.Data;

/// <summary>The folders of a set below a root, and what lies in them.</summary>
internal sealed class FolderTree
{
    // Of lists, annotations and words about a dataset; Stanford Dogs' annotations have none.
    private static readonly string[] ListEndings = ["", ".txt", ".csv", ".tsv", ".json", ".xml", ".yaml", ".mat", ".md"];

    private readonly IFileSet _set;
    private readonly bool _isGiven;
    private readonly Dictionary<string, SortedSet<string>> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _files = new(StringComparer.Ordinal);

    private FolderTree(IFileSet set, string root, bool isGiven)
    {
        (_set, Root, _isGiven) = (set, root.Length == 0 ? "" : root + "/", isGiven);
        foreach (var folder in set.Folders.Where(folder => folder.StartsWith(Root, StringComparison.Ordinal)))
        {
            AddFolders(folder[Root.Length..].Split('/'));
        }

        foreach (var file in set.Files.Where(file => file.Name.StartsWith(Root, StringComparison.Ordinal)))
        {
            var parts = file.Name[Root.Length..].Split('/');
            AddFolders(parts[..^1]);

            // Under its first folder and its first two: a class holds what lies at any depth below it.
            for (var depth = 1; depth <= Math.Min(2, parts.Length - 1); depth++)
            {
                var key = string.Join('/', parts[..depth]);
                (_files.TryGetValue(key, out var files) ? files : _files[key] = []).Add(file.Name);
            }
        }
    }

    /// <summary>The root in the set, with its slash; empty for the set itself.</summary>
    public string Root { get; }

    /// <summary>The root, for messages.</summary>
    public string Path => Root.Length == 0 ? _set.Name : _set is LooseFiles ? System.IO.Path.Combine(_set.Name, Root.TrimEnd('/')) : _set.PathOf(Root.TrimEnd('/'));

    /// <summary>The tree below a root; null for the folder below those that hold nothing but one folder, or one that holds images and others that hold other files.</summary>
    public static FolderTree Of(IFileSet set, string? root)
    {
        if (root is not null)
        {
            return new FolderTree(set, root, isGiven: true);
        }

        for (var tree = new FolderTree(set, "", isGiven: false); ;)
        {
            if (tree.Wrapped() is not { } folder || tree.Folders(folder).Count == 0)
            {
                return tree;
            }

            tree = new FolderTree(set, tree.Root + folder, isGiven: false);
        }
    }

    // The only folder, or that of the images beside lists and annotations, as Food-101 has them. An empty one would be a class.
    private string? Wrapped()
    {
        var folders = Folders("").ToLookup(folder => Files("", folder).Any(ImageFiles.IsImage));
        return (folders[true].ToList(), folders[false].ToList()) switch
        {
            ([var images], var others) when others.Count == 0 || (others.TrueForAll(HoldsLists) && !SplitCounts.Spellings.ContainsKey(images)) => images,
            ([], [var only]) => only,
            _ => null,
        };
    }

    // Images that nobody can read make a class that is told to be empty, and not a list.
    private bool HoldsLists(string folder) =>
        Files("", folder) is { Count: > 0 } files && files.All(file => ListEndings.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase));

    /// <summary>The names of the folders in a folder below the root (empty for the root itself), in ordinal order.</summary>
    public IReadOnlyList<string> Folders(string folder) => _folders.TryGetValue(folder, out var names) ? [.. names] : [];

    /// <summary>All files at any depth below a class folder in a split folder (or none), in ordinal order.</summary>
    public IReadOnlyList<string> Files(string splitFolder, string folder) =>
        _files.GetValueOrDefault(splitFolder.Length == 0 ? folder : $"{splitFolder}/{folder}") ?? [];

    /// <summary>Images that lie beside the class folders, and above a root that was found.</summary>
    /// <param name="splitFolders">The folders that hold class folders; empty for the root itself.</param>
    public IEnumerable<string> Loose(IReadOnlyList<string> splitFolders) => _set.Files.Select(file => file.Name).Where(ImageFiles.IsImage).Where(name =>
        !name.StartsWith(Root, StringComparison.Ordinal) ? !_isGiven
        : Below(name).Split('/') is var parts && (parts.Length == 1 || (parts.Length == 2 && splitFolders.Contains(parts[0]))));

    /// <summary>A file's name below the root.</summary>
    public string Below(string file) => file[Root.Length..];

    /// <summary>What messages call a file.</summary>
    public string PathOf(string file) => _set.PathOf(file);

    private void AddFolders(string[] parts)
    {
        for (var depth = 0; depth < Math.Min(2, parts.Length); depth++)
        {
            var parent = string.Join('/', parts[..depth]);
            (_folders.TryGetValue(parent, out var names) ? names : _folders[parent] = new(StringComparer.Ordinal)).Add(parts[depth]);
        }
    }
}
