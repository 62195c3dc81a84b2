using System.Globalization;

namespace MLNetCnn.Data;

/// <summary>The way of the data: manifest → source → reader → trim → cache → split.</summary>
public static class DatasetLoader
{
    /// <summary>Loads a dataset; from the image cache where it is there already.</summary>
    /// <param name="dataset">A manifest's name, a manifest file, a folder or archive of class folders, or a table of paths and labels.</param>
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
        return Split(manifest, options, new(key, request.AuditFiles, [.. problems, .. images.Index.Problems], images.Index), images);
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

    /// <summary>Fetches what <see cref="Load(DatasetManifest, DatasetLoadOptions?, IProgress{DataProgress}?, CancellationToken)"/> would have to fetch: nothing where the images are cached, or their files at hand.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="options">As they will be loaded.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops; downloads are kept and continued the next time.</param>
    /// <exception cref="ConfigurationException">Options are wrong.</exception>
    /// <exception cref="DatasetException">They cannot be had.</exception>
    public static void Prepare(
        DatasetManifest manifest, DatasetLoadOptions? options = null, IProgress<DataProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new DatasetLoadOptions();
        options.Validate();
        new Request(manifest, options, progress, cancellation).Prepare();
    }

    private static ImageDataset Split(DatasetManifest manifest, DatasetLoadOptions options, DatasetOrigin origin, CachedImages images)
    {
        var train = images.Part(DatasetSplit.Train)!;
        var test = images.Part(DatasetSplit.Test);
        var validation = images.Part(DatasetSplit.Validation);
        if (validation is null && options.ValidationOver(manifest) is > 0 and var validating)
        {
            (train, validation) = StratifiedSplit.Split(train, validating, options.SeedOver(manifest));
        }

        return new ImageDataset(manifest, train, validation, test, origin with { Problems = [.. origin.Problems, .. FewImages(train)] }, images.All);
    }

    private static IEnumerable<string> FewImages(ImageSet train) =>
        from counted in train.ClassCounts().Index()
        where counted.Item < 2
        select $"the class '{LeftOut.Printable(train.ClassNames[counted.Index])}' has {(counted.Item == 0 ? "no training image" : "a single training image")}: little can be learnt of it";

    /// <summary>One dataset at one size, trimmed in one way.</summary>
    private sealed class Request(DatasetManifest manifest, DatasetLoadOptions options, IProgress<DataProgress>? progress, CancellationToken cancellation)
    {
        private readonly ImageCache _cache = new(options.CacheFolder);
        private readonly SourceResolver _resolver = new(manifest.Name, manifest.Sources, options);
        private readonly TrimOptions _trim = options.TrimOver(manifest.Trim);
        private readonly (double Fraction, int Seed) _testing = (options.TestFraction ?? manifest.HoldOut?.Test ?? 0, options.SeedOver(manifest));
        private readonly ImageShape _shape = new(
            options.Channels ?? manifest.Image.Channels, options.Height ?? manifest.Image.Height, options.Width ?? manifest.Image.Width);

        /// <summary>
        /// Where an audit of the alternative that was asked for last is kept, whatever the size of its images, and that of all of them where
        /// fewer of each class were asked for. Audits name images: where these lie elsewhere, they are another's.
        /// </summary>
        public IReadOnlyList<string> AuditFiles { get; private set; } = [];

        /// <summary>The images of the first alternative that is cached or at hand.</summary>
        public (string Key, CachedImages Images, IReadOnlyList<string> Problems)? Cached()
        {
            foreach (var source in manifest.Sources.Where(source => source.Files.Count > 0 || Path.Exists(source.Folder)))
            {
                var key = Key(source);
                if (_cache.TryOpen(key, cancellation) is { } images)
                {
                    return (key, images.At(RootOf(source)), []);
                }

                if (_resolver.FindLocal(source, progress, cancellation) is { } found)
                {
                    return Read(found, key);
                }
            }

            return null;
        }

        /// <summary>Fetches an alternative where none is cached or at hand.</summary>
        public void Prepare()
        {
            if (!manifest.Sources.Any(source => source.Files.Count == 0 ? Path.Exists(source.Folder) : _cache.Has(Key(source)) || _resolver.FindLocal(source, progress, cancellation) is not null))
            {
                _resolver.Resolve(progress, cancellation);
            }
        }

        /// <summary>The images of an alternative that has to be fetched.</summary>
        public (string Key, CachedImages Images, IReadOnlyList<string> Problems) Read()
        {
            var found = _resolver.Resolve(progress, cancellation);
            return Read(found, Key(found.Source));
        }

        private (string Key, CachedImages Images, IReadOnlyList<string> Problems) Read(ResolvedSource found, string key) =>
            (key, _cache.OpenOrCreate(key, writer => Write(writer, found), cancellation).At(RootOf(found.Source)), found.Problems);

        // Of files that a manifest names, the contents are what matters, wherever they were found.
        private static OriginRoot? RootOf(DataSource source) => source.Files.Count == 0 ? OriginRoot.Of(source.Folder!) : null;

        private string Key(DataSource source)
        {
            var files = source.Files.Count > 0
                ? source.Files.Select(file => $"{file.Name} {file.Sha256}")
                : [FolderFingerprint.Of(source.Folder!, FormatOf(source), options.CacheFolder, progress, cancellation)];
            string[] parts = [FormatOf(source).Identity, string.Join('|', source.Classes ?? manifest.Classes), HeldOut(source), .. files];
            AuditFiles = [.. AuditedTrims(source).Distinct().Select(trim => Path.Combine(
                options.CacheFolder, "audits", Checksum.OfText(string.Join('\n', [$"audit {ImageCache.FormatVersion}", manifest.Name, RootOf(source)?.Real, trim, Validated(source), .. parts])) + ".json"))];
            return Checksum.OfText(string.Join('\n', [$"images {ImageCache.FormatVersion}", $"{_shape} {options.Resizing}", _trim.Identity, Declared(source), .. parts]));
        }

        // Images to validate on are drawn from what is left: of fewer, they are others.
        private IEnumerable<string> AuditedTrims(DataSource source) =>
            Validated(source).Length > 0 ? [_trim.Identity] : [_trim.Identity, (new DatasetLoadOptions().TrimOver(manifest.Trim) with { Classes = _trim.Classes }).Identity];

        private string Validated(DataSource source) => options.ValidationOver(manifest) is > 0 and var fraction && Lacks(source, DatasetSplit.Validation) ? string.Create(CultureInfo.InvariantCulture, $"{fraction}, {options.SeedOver(manifest)}") : "";

        private bool Lacks(DataSource source, DatasetSplit split) => !(source.Splits ?? manifest.Splits).ContainsKey(split);

        private string HeldOut(DataSource source) => _testing.Fraction > 0 && Lacks(source, DatasetSplit.Test) ? string.Create(CultureInfo.InvariantCulture, $"{_testing.Fraction} by name below the root, {_testing.Seed}") : "";

        // Counts are checked as images are read: a manifest that declares others must not find them cached.
        private string Declared(DataSource source) => string.Join('|', (source.Splits ?? manifest.Splits)
            .Concat(manifest.TrimmedSplits is { } trimmed && !options.TrimsOtherwise ? trimmed : new Dictionary<DatasetSplit, int>())
            .OrderBy(split => split.Key).Select(split => string.Create(CultureInfo.InvariantCulture, $"{SplitCounts.NameOf(split.Key)}={split.Value}")));

        private CacheIndex Write(ImageCacheWriter writer, ResolvedSource found)
        {
            var files = FileSets.Open(found, cancellation);
            var opened = FormatOf(found.Source).Open(files, new ExpectedImages(found.Source.Classes ?? manifest.Classes, manifest.Image), cancellation);
            CheckCounts(split => opened.Splits.FirstOrDefault(reader => reader.Split == split)?.Labels.Count, found.Source.Splits ?? manifest.Splits, "$.splits");
            var classes = Trimmed(opened.Classes);
            var newLabels = opened.Classes.Select(name => classes.IndexOf(name)).ToArray();
            var testing = opened.Splits.Any(reader => reader.Split == DatasetSplit.Test) ? 0 : _testing.Fraction;
            var chosen = opened.Splits.SelectMany(reader => Choose(reader, newLabels, testing)).Where(choice => choice.Places.Length > 0).OrderBy(choice => choice.Split).ToList();
            if (manifest.TrimmedSplits is { } declared && !options.TrimsOtherwise)
            {
                CheckCounts(split => chosen.FirstOrDefault(choice => choice.Split == split)?.Places.Length, declared, "$.trimmedSplits, $.trim");
            }

            var leftOut = opened.LeftOut;

            // Images to test on were drawn before anybody knew whether they can be read.
            var counts = chosen.ToDictionary(
                choice => choice.Split,
                choice => writer.Write(
                    choice.Split, choice.Reader, choice.Places, choice.Labels, _shape, options.Resizing, leftOut, progress, mayBeEmpty: testing > 0 && choice.Split == DatasetSplit.Test))
                .Where(count => count.Value > 0).ToDictionary();
            return counts.ContainsKey(DatasetSplit.Train)
                ? CacheIndex.Of(classes, _shape, counts, leftOut, RootOf(found.Source))
                : throw new DatasetException($"{manifest.Name} has no training images of the chosen classes ({string.Join(", ", classes)})");
        }

        private IImageReader FormatOf(DataSource source) => source.Format ?? manifest.Format;

        // Images to test on are held out before the rest is made smaller, so that they are the same whatever is trained on.
        private IEnumerable<Choice> Choose(ISplitReader reader, int[] newLabels, double testing)
        {
            int[] kept = [.. Enumerable.Range(0, reader.Labels.Count).Where(index => newLabels[reader.Labels[index]] >= 0)];
            if (reader.Split != DatasetSplit.Train || testing == 0)
            {
                return [Drawn(reader, reader.Split, kept, newLabels)];
            }

            var (rest, held) = StratifiedSplit.Split(LabelsOf(reader, kept, newLabels), index => reader.NameOf(kept[index]), testing, _testing.Seed);
            return [Drawn(reader, DatasetSplit.Train, [.. rest.Select(i => kept[i])], newLabels), Drawn(reader, DatasetSplit.Test, [.. held.Select(i => kept[i])], newLabels)];
        }

        private Choice Drawn(ISplitReader reader, DatasetSplit split, int[] places, int[] newLabels)
        {
            var labels = LabelsOf(reader, places, newLabels);
            var drawn = _trim.Select(split, labels);
            return new Choice(split, reader, [.. drawn.Select(i => places[i])], [.. drawn.Select(i => labels[i])]);
        }

        private static int[] LabelsOf(ISplitReader reader, int[] places, int[] newLabels) => [.. places.Select(index => newLabels[reader.Labels[index]])];

        private void CheckCounts(Func<DatasetSplit, int?> found, IReadOnlyDictionary<DatasetSplit, int> declared, string field)
        {
            foreach (var (split, count) in declared)
            {
                if ((found(split) ?? 0) is var there && there != count)
                {
                    throw new DatasetException($"{manifest.Name} has {there} {SplitCounts.NameOf(split)} images, its manifest declares {count}: correct {field} or the files");
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

        private sealed record Choice(DatasetSplit Split, ISplitReader Reader, int[] Places, int[] Labels);
    }
}
