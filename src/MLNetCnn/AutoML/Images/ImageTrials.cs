using MLNetCnn.Data;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>What the trials of a search share: the images at every size, the settings, the backbones, and where trials leave their work.</summary>
/// <param name="datasets">The images; they stay the caller's.</param>
/// <param name="options">The trainer's settings that trials go from. Their seed is that of every trial: all have the same validation images.</param>
/// <param name="folder">Where trials leave their work; null for nowhere.</param>
public sealed class ImageTrials(SizedDatasets datasets, ImageClassificationTrainer.Options options, string? folder) : IDisposable
{
    private readonly Lock _lock = new();

    /// <summary>The settings that trials go from.</summary>
    public ImageClassificationTrainer.Options Options { get; } = options;

    internal SharedBackbones Backbones { get; } = new();

    /// <summary>The trainer's settings for a parameter.</summary>
    /// <exception cref="ConfigurationException">They cannot be used; all problems at once.</exception>
    public ImageClassificationTrainer.Options OptionsOf(Parameter parameter)
    {
        var own = TrialOptions.Of(Options, parameter);
        ConfigurationException.ThrowIfAny(own.Problems());
        return own.Applied();
    }

    /// <summary>The images at the size that settings ask for.</summary>
    public ImageDataset DatasetFor(ImageClassificationTrainer.Options applied)
    {
        lock (_lock)
        {
            return datasets.At(applied is { ImageHeight: { } height, ImageWidth: { } width } ? (height, width) : null);
        }
    }

    /// <summary>The folder of a trial; null where trials leave nothing.</summary>
    public string? FolderOf(int trial) => folder is null ? null : Path.Combine(folder, $"trial-{trial}");

    /// <inheritdoc/>
    public void Dispose() => Backbones.Dispose();
}
