using System.Globalization;

using MLNetCnn.Data;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.AutoML;

/// <summary>What the trials of a search share: the images at every size, the settings, the backbones, and where trials leave their work.</summary>
/// <param name="images">The images for a trial's settings, to train and to validate on; they stay the caller's.</param>
/// <param name="options">The trainer's settings that trials go from. Their seed is that of every trial: all have the same validation images.</param>
/// <param name="threads">The threads of each trial, at least 1. One that is trained again gives the same only with as many.</param>
/// <param name="folder">Where trials leave their work; null for nowhere.</param>
internal sealed class ImageTrials(Func<ImageClassificationTrainer.Options, (ImageSet Train, ImageSet? Validation)> images, ImageClassificationTrainer.Options options, int threads, string? folder) : IDisposable
{
    private readonly Lock _lock = new();

    /// <summary>The settings that trials go from.</summary>
    public ImageClassificationTrainer.Options Options { get; } = options;

    /// <summary>The threads of each trial.</summary>
    public int Threads => threads;

    internal SharedBackbones Backbones { get; } = new();

    /// <summary>The trainer's settings for a parameter.</summary>
    /// <exception cref="ConfigurationException">They cannot be used; all problems at once.</exception>
    public ImageClassificationTrainer.Options OptionsOf(Parameter parameter)
    {
        var own = TrialOptions.Of(Options, parameter);
        ConfigurationException.ThrowIfAny(own.Problems());
        return own.Applied() with { Replicas = threads };
    }

    /// <summary>The images for a trial's settings, at the size that they ask for.</summary>
    public (ImageSet Train, ImageSet? Validation) ImagesFor(ImageClassificationTrainer.Options applied)
    {
        lock (_lock)
        {
            return images(applied);
        }
    }

    /// <summary>A trial's name, which is its folder's too.</summary>
    public static string NameOf(int trial) => string.Create(CultureInfo.InvariantCulture, $"trial-{trial}");

    /// <summary>The folder of a trial; null where trials leave nothing.</summary>
    public string? FolderOf(int trial) => folder is null ? null : Path.Combine(folder, NameOf(trial));

    /// <inheritdoc/>
    public void Dispose() => Backbones.Dispose();
}
