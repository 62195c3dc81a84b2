using System.Collections.Concurrent;

using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Training;
using MLNetCnn.Weights;

namespace MLNetCnn.Transfer;

/// <summary>The backbone that a trainer's options ask for, with its pretrained weights.</summary>
internal sealed class PretrainedBackbone
{
    // Manifests do not change while a program runs, and settings are looked at often.
    private static readonly ConcurrentDictionary<string, WeightsManifest?> Defaults = new(StringComparer.Ordinal);

    private readonly ImageClassificationTrainer.Options _options;
    private readonly PretrainedWeights? _weights;
    private readonly InitialModel? _model;
    private readonly Lazy<ClassifierLayer> _classifier;

    /// <summary>Finds the weights, and fetches them where they are not here yet.</summary>
    /// <param name="options">The trainer's settings, applied.</param>
    /// <param name="images">The size of the images.</param>
    /// <param name="progress">Told how the fetching goes.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="DatasetException">The weights cannot be had.</exception>
    public PretrainedBackbone(ImageClassificationTrainer.Options options, ImageShape images, IProgress<DataProgress>? progress, CancellationToken stop)
    {
        (_options, Images) = (options, images);
        _classifier = new(() =>
        {
            using var classifier = new PretrainedClassifier(_weights!);
            return classifier.Output();
        });
        if (options.InitialModel is { } path)
        {
            _model = new InitialModel(path);
            Preprocessing = _model.Metadata.Preprocessing;
            return;
        }

        _weights = Fetched(options, progress, stop);
        Preprocessing = _weights.Manifest.Preprocessing.For(images, options.TransferOrDefault.ScalePixelsTwice);
    }

    /// <summary>The size of the images.</summary>
    public ImageShape Images { get; }

    /// <summary>What happens to an image before the backbone sees it.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>All that the backbone's output depends on besides the images.</summary>
    public string Key => $"{_options.Arch} {_options.ArchSettings?.ToJson().ToJsonString()} {_weights?.Key ?? _model!.Key}";

    /// <summary>The weights' name and checksum.</summary>
    public string Source => _weights is null ? _model!.Source : SourceOf(_weights);

    /// <summary>What <see cref="Source"/> would be now; null where the weights are not on this machine, or none are asked for.</summary>
    public static string? SourceAtHand(ImageClassificationTrainer.Options options)
    {
        if (options.InitialModel is { } path)
        {
            return File.Exists(path) ? new InitialModel(path).Source : null;
        }

        return options.Mode != FineTuning.Scratch && TryFind(options) is { } manifest && PretrainedWeights.FindLocal(manifest, options.Sources) is { } weights ? SourceOf(weights) : null;
    }

    /// <summary>The weights of an architecture where nobody names any; null where it has none.</summary>
    public static WeightsManifest? DefaultFor(string architecture) =>
        ArchitectureCatalog.Contains(architecture) && ArchitectureCatalog.Get(architecture) is { IsBackbone: true, Name: var name }
            ? Defaults.GetOrAdd(name, new WeightsCatalog().DefaultFor)
            : null;

    /// <summary>The weights that options ask for.</summary>
    /// <exception cref="ConfigurationException">There are no such weights.</exception>
    public static WeightsManifest Find(ImageClassificationTrainer.Options options) => options.Transfer?.Weights is { } name
        ? new WeightsCatalog().Find(name, options.Arch)
        : DefaultFor(options.Arch) ?? throw new ConfigurationException($"{options.Arch} has no weights that come by themselves: name a file of weights (.safetensors, .pth)");

    /// <summary>As <see cref="Find"/>; null where there are no such weights.</summary>
    public static WeightsManifest? TryFind(ImageClassificationTrainer.Options options)
    {
        try
        {
            return Find(options);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }

    /// <summary>The settings of the architecture that options' weights need, and those of the options over them.</summary>
    public static ArchitectureSettings Settings(ImageClassificationTrainer.Options options)
    {
        var merged = Find(options).Settings.ToJson();
        foreach (var (setting, value) in options.ArchSettings?.ToJson() ?? [])
        {
            merged[setting] = value?.DeepClone();
        }

        return new(merged);
    }

    /// <summary>Gives a head the weights of the model that is gone on from, or of the classes that are known where they are wanted; leaves it elsewhere.</summary>
    /// <exception cref="ConfigurationException">They do not fit, or no class is known.</exception>
    public void LoadHead(ClassifierHead head, HeadSettings settings, IReadOnlyList<string> labels)
    {
        _model?.LoadInto(head, labels, "head.");
        if (!settings.KnownClasses)
        {
            return;
        }

        if (_weights is null)
        {
            head.KeepNear();
            return;
        }

        var rows = ClassRows.Find(labels, _weights.Manifest.Labels);
        if (rows.All(row => row < 0))
        {
            throw new ConfigurationException($"transfer.head.knownClasses: {_weights.Manifest.Name} knows none of the classes {string.Join(", ", labels.Take(5))}… by name: leave it out");
        }

        head.Begin(_classifier.Value, rows);
    }

    /// <summary>The share of classes that an architecture's default weights know by name, in [0, 1].</summary>
    public static double Known(string architecture, IReadOnlyList<string> labels) => labels.Count == 0 || DefaultFor(architecture) is not { } weights
        ? 0
        : ClassRows.Find(labels, weights.Labels).Count(row => row >= 0) / (double)labels.Count;

    /// <summary>Checks what needs no images: that a user's own weights fit, that there is a stage of the name that is to be unfrozen, and that BatchNorm can be trained where it is to be.</summary>
    /// <inheritdoc cref="Load"/>
    public void Check()
    {
        var untried = _weights is { Manifest.IsForOwnFile: true };
        if (!untried && !TrainsBatchNorm && _options.TransferOrDefault.UnfreezeFrom is null)
        {
            return;
        }

        using var backbone = untried || TrainsBatchNorm ? Load() : Build();
        UnfrozenBlocks.First(backbone, _options.Mode, _options.TransferOrDefault);
    }

    /// <summary>A backbone of the form, without its weights.</summary>
    public Backbone Build() => ArchitectureCatalog.CreateBackbone(_options.Arch, Images, _options.ArchSettings);

    /// <summary>A backbone with its weights.</summary>
    /// <exception cref="ConfigurationException">They do not fit.</exception>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public Backbone Load()
    {
        var backbone = Build();
        try
        {
            _weights?.Load(backbone);
            _model?.LoadInto(backbone, _model.Metadata.Labels, "backbone.");
            if (TrainsBatchNorm && HasFoldedBatchNorm(backbone))
            {
                throw new ConfigurationException($"transfer.trainBatchNorm: the BatchNorm layers of {_weights?.Manifest.Name ?? _options.InitialModel} are folded into the convolutions and have no statistics to go on from: leave it out, or take other weights");
            }

            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    private bool TrainsBatchNorm => _options is { TransferOrDefault.TrainBatchNorm: true, Mode: FineTuning.Partial or FineTuning.Full };

    // Layers that only shift were folded and put back for the form's sake: in training they would take away what the scale was.
    private static bool HasFoldedBatchNorm(Backbone backbone)
    {
        using var scope = NewDisposeScope();
        var norms = backbone.modules().OfType<Torch.Modules.BatchNorm>().ToList();
        return norms.Count > 0 && norms.TrueForAll(norm => norm.running_mean is { } mean && mean.abs().max().ToDouble() == 0);
    }

    /// <summary>Why options cannot be used with pretrained weights, one sentence each.</summary>
    public static IEnumerable<string> Problems(ImageClassificationTrainer.Options options, Func<string, string> nameOf)
    {
        if (ArchitectureCatalog.Contains(options.Arch) && !ArchitectureCatalog.Get(options.Arch).IsBackbone)
        {
            return [$"{nameOf("fineTuning")} asks for pretrained weights, which {options.Arch} does not have: use scratch, or one of {string.Join(", ", ArchitectureCatalog.All.Where(known => known.IsBackbone).Select(known => known.Name))}"];
        }

        var problems = new List<string>();
        if (options.Augmentation is { Transforms: { } transforms } && transforms.Any(transform => transform is { MixesImages: true })
            && !TrainsAllAtOnce(options) && options.TransferOrDefault is { AugmentedViews: > 0, CacheActivations: true })
        {
            problems.Add("augmentation mixes images, which cached views cannot: set transfer.augmentedViews to 0, train in full at once, or leave MixUp and CutMix out");
        }

        if (options.InitialModel is not null)
        {
            return problems;
        }

        try
        {
            Find(options);
        }
        catch (ConfigurationException unknown)
        {
            problems.AddRange(unknown.Problems);
        }

        return problems;
    }

    private static PretrainedWeights Fetched(ImageClassificationTrainer.Options options, IProgress<DataProgress>? progress, CancellationToken stop)
    {
        var wanted = Find(options);
        try
        {
            return PretrainedWeights.Fetch(wanted, options.Sources, progress, stop);
        }
        catch (SourceNotFoundException missing) when (new WeightsCatalog().NamesFor(wanted.Architecture).Where(name => name != wanted.Name).ToList() is { Count: > 0 } others)
        {
            throw new SourceNotFoundException($"{missing.Message}; or choose other weights of {wanted.Architecture}: {string.Join(", ", others)}");
        }
    }

    // Every part of a training that is augmented then has the whole network to train, and nothing to take from a cache.
    private static bool TrainsAllAtOnce(ImageClassificationTrainer.Options options) => options is { Mode: FineTuning.Full, Epoch: > 0, TransferOrDefault.GradualUnfreezing: false };

    private static string SourceOf(PretrainedWeights weights) => $"{weights.Manifest.Name} {weights.Key}";
}
