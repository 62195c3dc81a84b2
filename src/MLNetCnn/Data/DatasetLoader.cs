using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MLNetCnn.Data;

/// <summary>The way of the data: manifest → source → reader → trim → cache → split.</summary>
public static class DatasetLoader
{
    /// <summary>Loads a dataset; from the image cache where it is there already.</summary>
    /// <param name="dataset">A manifest's name, a manifest file, or a folder of class folders.</param>
    /// <param name="options">Size, trimming, splits and places; the manifest's own by default.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops loading; downloads are kept, nothing half-written is.</param>
    /// <exception cref="ConfigurationException">The dataset is unknown, or options are wrong.</exception>
    /// <exception cref="ManifestException">The manifest is wrong.</exception>
    /// <exception cref="DatasetException">The dataset cannot be found, is damaged or not as declared.</exception>
    public static ImageDataset Load(
        string dataset, DatasetLoadOptions? options = null, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default) =>
        Load((options?.Catalog ?? new ManifestCatalog()).Find(dataset), options, progress, cancellation);

    /// <summary>Loads the dataset that a manifest describes.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="options">Size, trimming, splits and places; the manifest's own by default.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops loading; downloads are kept, nothing half-written is.</param>
    /// <exception cref="ConfigurationException">Options are wrong.</exception>
    /// <exception cref="DatasetException">The dataset cannot be found, is damaged or not as declared.</exception>
    public static ImageDataset Load(
        DatasetManifest manifest, DatasetLoadOptions? options = null, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new DatasetLoadOptions();
        options.Validate();
        var request = new Request(manifest, options, progress, cancellation);
        var (key, images, problems) = request.Cached() ?? request.Read();
        return Split(manifest, options, key, images, [.. problems, .. images.Index.Problems]);
    }

    /// <summary>Brings a dataset's files to this machine without reading them.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="options">Places to look in.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops; downloads are kept and continued the next time.</param>
    /// <returns>Where the files are.</returns>
    /// <exception cref="DatasetException">They cannot be had; the message lists every place tried and the way out.</exception>
    public static ResolvedSource Fetch(
        DatasetManifest manifest, SourceOptions? options = null, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default) =>
        new SourceResolver(manifest.Name, manifest.Sources, options ?? new SourceOptions()).Resolve(progress, cancellation);

    private static ImageDataset Split(DatasetManifest manifest, DatasetLoadOptions options, string key, CachedImages images, IReadOnlyList<string> problems)
    {
        var train = images.Sets[DatasetSplit.Train];
        var test = images.Sets.GetValueOrDefault(DatasetSplit.Test);
        var validation = images.Sets.GetValueOrDefault(DatasetSplit.Validation);
        var seed = options.TrimOver(manifest.Trim).Seed;
        if (test is null && options.TestFraction > 0)
        {
            (train, test) = StratifiedSplit.Split(train, options.TestFraction, seed);
        }

        if (validation is null && options.ValidationFraction > 0)
        {
            (train, validation) = StratifiedSplit.Split(train, options.ValidationFraction, seed);
        }

        return new ImageDataset(manifest, train, validation, test, key, problems, [.. images.Sets.Values]);
    }

    /// <summary>One dataset at one size, trimmed in one way.</summary>
    private sealed class Request(DatasetManifest manifest, DatasetLoadOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        private readonly ImageCache _cache = new(options.CacheFolder);
        private readonly SourceResolver _resolver = new(manifest.Name, manifest.Sources, options);
        private readonly TrimOptions _trim = options.TrimOver(manifest.Trim);
        private readonly ImageShape _shape = new(
            options.Channels ?? manifest.Image.Channels, options.Height ?? manifest.Image.Height, options.Width ?? manifest.Image.Width);

        /// <summary>The images of the first alternative that is cached or at hand.</summary>
        public (string Key, CachedImages Images, IReadOnlyList<string> Problems)? Cached()
        {
            foreach (var source in manifest.Sources.Where(source => source.Files.Count > 0 || Directory.Exists(source.Folder)))
            {
                var key = Key(source);
                if (_cache.TryOpen(key) is { } images)
                {
                    return (key, images, []);
                }

                if (_resolver.FindLocal(source, progress, cancellation) is { } found)
                {
                    return Read(found, key);
                }
            }

            return null;
        }

        /// <summary>The images of an alternative that has to be fetched.</summary>
        public (string Key, CachedImages Images, IReadOnlyList<string> Problems) Read()
        {
            var found = _resolver.Resolve(progress, cancellation);
            return Read(found, Key(found.Source));
        }

        private (string Key, CachedImages Images, IReadOnlyList<string> Problems) Read(ResolvedSource found, string key) =>
            (key, _cache.OpenOrCreate(key, writer => Write(writer, found), cancellation), found.Problems);

        private string Key(DataSource source)
        {
            var files = source.Files.Count > 0
                ? source.Files.Select(file => $"{file.Name} {file.Sha256}")
                : [FolderFiles.Fingerprint(source.Folder!, options.CacheFolder, progress, cancellation)];
            string[] parts =
            [
                $"images {ImageCache.FormatVersion}", manifest.Format.Identity, string.Join('|', source.Classes ?? manifest.Classes),
                $"{_shape} {options.Resizing}", _trim.Identity, Declared(source), .. files,
            ];
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
        }

        // Counts are checked as images are read: a manifest that declares others must not find them cached.
        private string Declared(DataSource source) => string.Join('|', (source.Splits ?? manifest.Splits)
            .OrderBy(split => split.Key).Select(split => string.Create(CultureInfo.InvariantCulture, $"{SplitCounts.NameOf(split.Key)}={split.Value}")));

        private CacheIndex Write(ImageCacheWriter writer, ResolvedSource found)
        {
            var opened = manifest.Format.Open(found, new ExpectedImages(found.Source.Classes ?? manifest.Classes, manifest.Image));
            CheckCounts(opened, found.Source.Splits ?? manifest.Splits);
            var classes = Trimmed(opened.Classes);
            var newLabels = opened.Classes.Select(name => classes.IndexOf(name)).ToArray();
            var problems = new List<string>(opened.Problems);
            var counts = new Dictionary<DatasetSplit, int>();
            foreach (var split in opened.Splits)
            {
                int[] kept = [.. Enumerable.Range(0, split.Labels.Count).Where(index => newLabels[split.Labels[index]] >= 0)];
                int[] labels = [.. kept.Select(index => newLabels[split.Labels[index]])];
                var drawn = _trim.Select(split.Split, labels);
                if (drawn.Length > 0)
                {
                    counts[split.Split] = writer.Write(
                        split, [.. drawn.Select(i => kept[i])], [.. drawn.Select(i => labels[i])], _shape, options.Resizing, problems, progress);
                }
            }

            return counts.ContainsKey(DatasetSplit.Train)
                ? new CacheIndex(classes, _shape, counts, problems)
                : throw new DatasetException($"{manifest.Name} has no training images of the chosen classes ({string.Join(", ", classes)})");
        }

        private void CheckCounts(OpenedImages opened, IReadOnlyDictionary<DatasetSplit, int> declared)
        {
            foreach (var (split, count) in declared)
            {
                var found = opened.Splits.FirstOrDefault(reader => reader.Split == split)?.Labels.Count ?? 0;
                if (found != count)
                {
                    throw new DatasetException($"{manifest.Name} has {found} {SplitCounts.NameOf(split)} images, its manifest declares {count}: correct $.splits or the files");
                }
            }
        }

        private List<string> Trimmed(IReadOnlyList<string> classes)
        {
            if (_trim.Classes is null)
            {
                return [.. classes];
            }

            ConfigurationException.ThrowIfAny(
                _trim.Classes.Except(classes).Select(name => $"'{name}' is none of the classes of {manifest.Name}{CloseMatches.Hint(name, classes)}"));
            return [.. classes.Where(_trim.Classes.Contains)];
        }
    }
}
