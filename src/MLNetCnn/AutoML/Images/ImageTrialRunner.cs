using MLNetCnn.Evaluation;
using MLNetCnn.Runs;
using MLNetCnn.Training;

namespace MLNetCnn.AutoML;

/// <summary>Trains an image classifier with a trial's parameter and judges it by the validation images. Test images stay out of its sight.</summary>
/// <param name="trials">What all trials share; it stays the caller's.</param>
internal sealed class ImageTrialRunner(ImageTrials trials) : IPrunableTrialRunner
{
    /// <inheritdoc/>
    public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct) => RunAsync(settings, _ => null, ct);

    /// <inheritdoc/>
    public Task<TrialResult> RunAsync(TrialSettings settings, Func<TrialReport, string?> report, CancellationToken ct) => Task.FromResult(Run(settings, report, ct));

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private TrialResult Run(TrialSettings settings, Func<TrialReport, string?> report, CancellationToken ct)
    {
        var options = trials.OptionsOf(settings.Parameter);
        var (train, validation) = trials.ImagesFor(options);
        ConfigurationException.ThrowIfAny(options.Problems(train.Shape));
        if (validation is null)
        {
            throw new ConfigurationException("a search needs validation images, and there are too few to hold any out: give more images, or a larger share with validationSetFraction");
        }

        var folder = trials.FolderOf(settings.TrialId);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var monitor = new TrialMonitor(report, options.Epoch, ended);
        using var limit = new ThreadLimit(trials.Threads);
        using var trained = NetworkTrainer.Train(
            options with { WorkspacePath = folder is null ? null : RunExecutor.WorkFolder(folder) }, train, validation, monitor, ended.Token, trials.Backbones);
        ct.ThrowIfCancellationRequested();

        // A trial that was ended is judged by where it stood; a whole one by the weights that it keeps.
        var result = new TrialResult { TrialSettings = settings, State = TrialState.Pruned, Reason = monitor.Ended, Metric = monitor.Accuracy, Loss = monitor.Loss };
        if (monitor.Ended is null)
        {
            var metrics = ClassificationEvaluator.Evaluate(validation.Labels, trained.Probabilities(validation), train.ClassNames.Count);
            result = result with { State = TrialState.Finished, Metric = metrics.MicroAccuracy, Loss = TrialMonitor.LossOf(metrics.MicroAccuracy, metrics.LogLoss) };
        }

        return result with
        {
            Steps = trained.History.Epochs.Count,
            PeakMemoryInMegaByte = Environment.WorkingSet / (double)(1 << 20),
            CacheHits = options.Mode is FineTuning.Scratch or FineTuning.Full || monitor.ComputedFeatures ? 0 : 1,
            Versions = Environments.Libraries().ToDictionary(library => library.Key, library => library.Value),
            ArtifactFolder = folder,
        };
    }
}
