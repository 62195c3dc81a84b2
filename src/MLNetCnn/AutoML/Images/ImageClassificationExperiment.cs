using MLNetCnn.Data;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>
/// Searches for the best classifier of the images of a view, as ML.NET's <c>CreateMulticlassClassificationExperiment(…).Execute(…)</c>
/// does for tables: trials on the training and validation images, and the best of them as a model.
/// </summary>
/// <remarks>
/// Images of a view have one size: heads on frozen backbones are searched, or networks from scratch where images are small or no weights can be had,
/// which <see cref="MLContext.Log"/> tells. <see cref="ImageSweep"/>, the command's <c>sweep</c>, searches several sizes, fine-tunes, and lets the best vote.
/// </remarks>
public sealed class ImageClassificationExperiment
{
    private readonly MLContext _context;
    private readonly ImageClassificationTrainer.Options _options;
    private readonly ExperimentSettings _settings;

    // The final model is trained like the best trial; what it is evaluated and written with comes on top.
    private static readonly FinalTraining Final = new(Kept: 1.3);

    internal ImageClassificationExperiment(MLContext context, ExperimentSettings settings, ImageClassificationTrainer.Options? options)
    {
        ConfigurationException.ThrowIfAny(settings.Problems());
        (_context, _settings) = (context, settings);
        _options = options ?? TrialOptions.Default with { Seed = context.Seed ?? 0 };
    }

    /// <summary>What is searched.</summary>
    /// <value>What <see cref="DefaultSearchSpaces"/> gives for the images and the time; null for that.</value>
    public SearchSpace? SearchSpace { get; set; }

    /// <summary>Is told how it goes; from several threads where there are several workers.</summary>
    public IMonitor? Monitor { get; set; }

    /// <summary>Runs the experiment.</summary>
    /// <param name="trainData">Images and their labels, a key, in the columns that the options name.</param>
    /// <param name="validationData">The images that trials are judged by; null to hold some of the training images out.</param>
    /// <param name="ct">Ends the search; the best until then is the result.</param>
    /// <exception cref="ConfigurationException">The images or the space cannot be used.</exception>
    /// <exception cref="DatasetException">None of the images can be read, or the cache cannot be written.</exception>
    /// <exception cref="InvalidOperationException">No trial finished; the message says why.</exception>
    public ExperimentResult Execute(IDataView trainData, IDataView? validationData = null, CancellationToken ct = default)
    {
        ConfigurationException.ThrowIfAny(SearchSpace is { } given ? TrialOptions.Problems(given) : []);
        using var read = ViewImages.Read(trainData, _options);
        using var held = validationData is null ? null : ViewImages.Read(validationData, _options);
        var (train, validation) = held is null ? NetworkTrainer.HoldOut(read.Set, _options) : (read.Set, held.Set);
        using var trials = new ImageTrials(_ => (train, validation), _options with { ImageHeight = train.Height, ImageWidth = train.Width }, _settings.ThreadsPerWorker, folder: null);
        var space = SearchSpace ?? DefaultSpace(train, ct);
        var experiment = new AutoMLExperiment(_options.Seed)
            .SetSettings(_settings)
            .SetSearchSpace(space)
            .SetFinal(Final)
            .SetTrialRunner(() => new ImageTrialRunner(trials));
        var all = (Monitor is null ? experiment : experiment.SetMonitor(Monitor)).SearchAsync(ct).GetAwaiter().GetResult();
        var best = Ranking.BestOrThrow(all);

        // The same seed and images give the trial's own weights again.
        var options = trials.OptionsOf(best.Parameter) with { ValidationSet = validationData };
        var model = _context.MulticlassClassification.Trainers.ImageClassification(options).Fit(trainData);
        return new ExperimentResult(model, best.Result, [.. all.Select(trial => trial.Result)], options);
    }

    private SearchSpace DefaultSpace(ImageSet train, CancellationToken ct)
    {
        var available = DefaultSearchSpaces.AvailableForOneSize(train, _options, ct);
        foreach (var (name, reason) in available.Missing)
        {
            _context.Write(ChannelMessageKind.Warning, nameof(ImageClassificationExperiment), $"{name} is not searched: {reason}");
        }

        return DefaultSearchSpaces.ForOneSize(train, _settings.Seconds, available, _options.Device, ct);
    }
}

/// <summary>What an experiment found.</summary>
/// <param name="Model">The best trial's model.</param>
/// <param name="BestRun">The best trial.</param>
/// <param name="RunDetails">Every trial, by number.</param>
/// <param name="Options">The settings that the model was trained with, as applied.</param>
public sealed record ExperimentResult(
    ImageClassificationTransformer Model, TrialResult BestRun, IReadOnlyList<TrialResult> RunDetails, ImageClassificationTrainer.Options Options);
