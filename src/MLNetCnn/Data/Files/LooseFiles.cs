namespace MLNetCnn.Data;

/// <summary>Files on disk: all below a folder, or those that a source lists.</summary>
internal sealed class LooseFiles : IFileSet
{
    private readonly Dictionary<string, string> _paths;

    private LooseFiles(string name, FileListing listing, Dictionary<string, string> paths)
    {
        Name = name;
        Files = listing.Files;
        Folders = listing.Folders;
        LeftOut = listing.LeftOut;
        _paths = paths;
    }

    public string Name { get; }

    public IReadOnlyList<FileEntry> Files { get; }

    public IReadOnlyList<string> Folders { get; }

    public LeftOut LeftOut { get; }

    /// <summary>The files that a source lists, under their names there.</summary>
    public static LooseFiles Of(string name, IReadOnlyDictionary<string, string> paths)
    {
        var listing = new FileListing(name);
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, path) in paths)
        {
            Add(listing, taken, file, path);
        }

        return new LooseFiles(name, listing, taken);
    }

    /// <summary>
    /// All files below a folder. Links are followed, but for those that lead nowhere or back to a folder above.
    /// </summary>
    public static LooseFiles Below(string folder)
    {
        var listing = new FileListing(folder);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Stack<Walked>([new Walked(RealPath.Of(folder), "", Above: null)]);
        while (waiting.TryPop(out var current))
        {
            foreach (var entry in Entries(listing, current.Path, current.Name))
            {
                var name = current.Name.Length == 0 ? entry.Name : $"{current.Name}/{entry.Name}";
                if (entry.Name.StartsWith('.'))
                {
                    continue;
                }

                if (ProblemOfLink(entry, current) is { } problem)
                {
                    listing.Refuse(name, problem);
                }
                else if (entry is DirectoryInfo)
                {
                    listing.AddFolder(name);
                    waiting.Push(new Walked(entry.LinkTarget is null ? entry.FullName : RealPath.Of(entry.FullName), name, current));
                }
                else
                {
                    Add(listing, paths, name, entry.FullName);
                }
            }
        }

        return new LooseFiles(folder, listing, paths);
    }

    public string PathOf(string name) => _paths.GetValueOrDefault(name) ?? Path.Combine(Name, name);

    public void Read(IReadOnlySet<string> names, Action<FileEntry, Func<Stream>> take, CancellationToken cancellation = default)
    {
        foreach (var file in Files.Where(file => names.Contains(file.Name)))
        {
            cancellation.ThrowIfCancellationRequested();
            Stream? opened = null;
            // Files are read at one go: a stream's own buffer would be filled and copied from for nothing.
            // What is empty, or says so as pipes and sockets do, is not opened: that of a pipe would wait for somebody who writes.
            take(file, () => opened = file.Size == 0 ? Stream.Null : new FileStream(_paths[file.Name], FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
            opened?.Dispose();
        }
    }

    private static FileSystemInfo[] Entries(FileListing listing, string path, string name)
    {
        try
        {
            return new DirectoryInfo(path).GetFileSystemInfos();
        }
        catch (UnauthorizedAccessException) when (name.Length > 0)
        {
            listing.Refuse(name, " cannot be opened");
            return [];
        }
    }

    private static void Add(FileListing listing, Dictionary<string, string> paths, string name, string path)
    {
        var size = RealPath.Followed(new FileInfo(path)) is { Exists: true } file ? file.Length : 0;
        if (listing.AddFile(name, size) is { } plain)
        {
            paths[plain] = path;
        }
    }

    private static string? ProblemOfLink(FileSystemInfo entry, Walked folder) => entry.LinkTarget is null ? null
        : entry is FileInfo file && RealPath.Followed(file) is not { Exists: true, LinkTarget: null } ? " is a link that leads nowhere"
        : entry is DirectoryInfo && folder.IsBelow(RealPath.Of(entry.FullName)) ? " is a link to a folder above it"
        : null;

    // The way down to a folder, through links too: two that lead to each other would have no end.
    private sealed record Walked(string Path, string Name, Walked? Above)
    {
        public bool IsBelow(string folder) => AncestorFolders.Of(Path).Contains(folder) || Above?.IsBelow(folder) == true;
    }
}
