using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Inference;
using MLNetCnn.Training;
using MLNetCnn.Weights;

namespace MLNetCnn.Transfer;

/// <summary>The backbone that a trainer's options ask for, with its pretrained weights.</summary>
internal sealed class PretrainedBackbone
{
    private readonly ImageClassificationTrainer.Options _options;
    private readonly WeightsManifest _weights;

    /// <param name="options">The trainer's settings, applied.</param>
    /// <param name="images">The size of the images.</param>
    public PretrainedBackbone(ImageClassificationTrainer.Options options, ImageShape images)
    {
        (_options, Images) = (options, images);
        _weights = Find(options);
        Preprocessing = _weights.Preprocessing.For(images);
    }

    /// <summary>The size of the images.</summary>
    public ImageShape Images { get; }

    /// <summary>What happens to an image before the backbone sees it.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>All that the backbone's output depends on besides the images.</summary>
    public string Key => $"{_options.Arch} {_options.ArchSettings?.ToJson().ToJsonString()} {_weights.Key}";

    /// <summary>A backbone of the form, without its weights.</summary>
    public Backbone Build() => ArchitectureCatalog.CreateBackbone(_options.Arch, Images, _options.ArchSettings);

    /// <summary>A backbone with its weights, fetched where they are not here yet.</summary>
    /// <exception cref="DatasetException">The weights cannot be had, or are damaged.</exception>
    /// <exception cref="ConfigurationException">They do not fit.</exception>
    public Backbone Load(ITrainingMonitor monitor, CancellationToken stop)
    {
        var backbone = Build();
        try
        {
            PretrainedWeights.Load(backbone, _weights, _options.Sources, new Preparation(monitor), stop);
            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>The weights that options ask for.</summary>
    /// <exception cref="ConfigurationException">There are no such weights.</exception>
    public static WeightsManifest Find(ImageClassificationTrainer.Options options) => WeightsCatalog.Default.Find(options.Transfer?.Weights, options.Arch);

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

    /// <summary>Why options cannot be used with pretrained weights, one sentence each.</summary>
    public static IEnumerable<string> Problems(ImageClassificationTrainer.Options options, ImageShape? images, Func<string, string> nameOf)
    {
        if (ArchitectureCatalog.Contains(options.Arch) && !ArchitectureCatalog.Get(options.Arch).IsBackbone)
        {
            return [$"{nameOf("fineTuning")} asks for pretrained weights, which {options.Arch} does not have: use scratch, or one of {string.Join(", ", ArchitectureCatalog.All.Where(known => known.IsBackbone).Select(known => known.Name))}"];
        }

        var problems = new List<string>();
        if (images is { Channels: 1 })
        {
            problems.Add("the images are grey, pretrained weights take RGB: load them with 3 channels");
        }

        if (options.Augmentation is { Transforms: { } transforms } && transforms.Any(transform => transform is { MixesImages: true })
            && options.Mode != FineTuning.Full && options.TransferOrDefault is { AugmentedViews: > 0, CacheActivations: true })
        {
            problems.Add("augmentation mixes images, which cached views cannot: set transfer.augmentedViews to 0, train in full, or leave MixUp and CutMix out");
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

    private sealed class Preparation(ITrainingMonitor monitor) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => monitor.OnPreparation(value.Stage, value.Done, value.Total);
    }
}
