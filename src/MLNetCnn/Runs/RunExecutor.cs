using System.Diagnostics;

using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using MLNetCnn.Training;
using MLNetCnn.Transfer;

namespace MLNetCnn.Runs;

/// <summary>Makes one run: trains, evaluates, writes the model .zip and the record.</summary>
public static class RunExecutor
{
    private const int MistakesShown = 24;
    private const int ConfusedShown = 160;

    /// <summary>Fetches the weights of a plan and checks against them what needs no images, so that no image is read in vain.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="images">The size of the images before they are resized.</param>
    /// <param name="progress">Told how the fetching goes.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="ConfigurationException">The weights do not fit, or there is no such stage to unfreeze.</exception>
    /// <exception cref="DatasetException">The weights cannot be had.</exception>
    public static void Prepare(RunPlan plan, ImageShape images, IProgress<DataProgress>? progress, CancellationToken stop)
    {
        if (plan.Options.Mode != FineTuning.Scratch)
        {
            var options = plan.Options.Applied();
            var resized = images with { Height = options.ImageHeight ?? images.Height, Width = options.ImageWidth ?? images.Width };
            new PretrainedBackbone(options, resized, progress, stop).Check();
        }
    }

    /// <summary>Runs a plan on a dataset and leaves <c>model.zip</c> and <c>run.json</c> in <paramref name="folder"/>.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="folder">Where to write; made where it is missing.</param>
    /// <param name="monitor">Is told how it goes.</param>
    /// <param name="stop">Ends the training; what it has learnt best so far is kept.</param>
    /// <exception cref="ConfigurationException">The plan cannot be run as it stands, or another run is writing to the folder.</exception>
    /// <exception cref="OperationCanceledException">It was stopped before anything was learnt; nothing was written.</exception>
    public static RunRecord Execute(RunPlan plan, ImageDataset dataset, string folder, ITrainingMonitor monitor, CancellationToken stop)
    {
        plan = Checked(plan, dataset);
        OutputFolder.Prepare(folder);
        using var hold = Hold(folder) ?? throw new ConfigurationException(InUse(folder));
        return Make(plan, dataset, folder, monitor, stop);
    }

    private static RunRecord Make(RunPlan plan, ImageDataset dataset, string folder, ITrainingMonitor monitor, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var started = DateTimeOffset.UtcNow;
        var workspace = WorkFolder(folder);
        var (train, validation) = plan.LearnsValidation ? (dataset.TrainAndValidation, null) : NetworkTrainer.HoldOut(dataset, plan.Options);
        using var trained = NetworkTrainer.Train(plan.Options with { WorkspacePath = workspace }, train, validation, monitor, stop);
        var record = Describe(plan, dataset, train, validation, trained, started);
        if (record is { Status: RunStatus.Cancelled, History.Epochs.Count: 0 })
        {
            // The network is what chance made it: what an earlier run left in the folder is better.
            throw new OperationCanceledException("the run was stopped before its first epoch was whole", stop);
        }

        var evaluation = Stopwatch.StartNew();
        var predictions = new RunPredictions(trained, validation, dataset.Test, plan.Temperature);
        record = record with
        {
            Train = predictions.Summarize(Some(train, plan.MostTrainImages)),
            Validation = predictions.Validation is { } held ? predictions.Summarize(validation!, held) : null,
            Test = predictions.Test is { } test ? predictions.Summarize(dataset.Test!, test) : null,
            Temperature = predictions.Temperature,
            Calibration = predictions.Calibration,
            EvaluateSeconds = evaluation.Elapsed.TotalSeconds,
        };
        if (predictions.Test is { } answers)
        {
            record = Examine(record, trained, dataset.Test!, answers, monitor);
        }

        Predictions.Save(folder, new Dictionary<DatasetSplit, float[]?> { [DatasetSplit.Validation] = predictions.Validation, [DatasetSplit.Test] = predictions.Test }, train.ClassNames.Count);
        var model = Path.Combine(folder, RunStore.ModelFile);

        // That of an earlier run, of another model.
        File.Delete(Path.Combine(folder, RunStore.Int8ModelFile));
        trained.ToPackage(Metrics(record), ModelProvenance(record), predictions.Temperature).Save(model);
        record = record with
        {
            ModelFile = RunStore.ModelFile,
            ModelBytes = new FileInfo(model).Length,
            Latency = LatencySummary.Measure(model),
            Seconds = clock.Elapsed.TotalSeconds + Earlier(trained.History),
            PeakMemoryBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        };
        RunStore.Save(record, folder);
        if (plan.Int8 && record.Status == RunStatus.Completed)
        {
            record = record with { Quantization = Quantize(folder, train, validation, dataset.Test, stop) };
            RunStore.Save(record, folder);
        }

        // A run of no epochs leaves no checkpoints.
        if (record.Status == RunStatus.Completed && Directory.Exists(workspace))
        {
            Directory.Delete(workspace, recursive: true);
        }

        return record;
    }

    /// <summary>As <see cref="Execute"/>, but a plan that breaks gives a record that says why, so that the next run can go on.</summary>
    /// <inheritdoc cref="Execute"/>
    public static RunRecord TryExecute(RunPlan plan, ImageDataset dataset, string folder, ITrainingMonitor monitor, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        using var hold = Hold(folder);
        if (hold is null)
        {
            // Nothing is written: the folder is the other run's.
            return WithoutResult(plan, dataset, RunStatus.Failed, InUse(folder));
        }

        try
        {
            return Make(Checked(plan, dataset), dataset, folder, monitor, stop);
        }
        catch (SourceNotFoundException missing)
        {
            var record = WithoutResult(plan, dataset, RunStatus.NotRun, missing.Message);
            RunStore.Save(record, folder);
            return record;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Not written: it is no result, and takes no earlier one's place.
            return WithoutResult(plan, dataset, RunStatus.NotRun, "stopped before anything was learnt");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var record = WithoutResult(plan, dataset, RunStatus.Failed, exception.Message);
            RunStore.Save(record, folder);
            return record;
        }
    }

    /// <summary>The record of a plan that gave no model.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="dataset">The images.</param>
    /// <param name="status"><see cref="RunStatus.NotRun"/> or <see cref="RunStatus.Failed"/>.</param>
    /// <param name="reason">Why, and the way out.</param>
    public static RunRecord WithoutResult(RunPlan plan, ImageDataset dataset, RunStatus status, string reason) => new()
    {
        Name = plan.Name,
        Architecture = plan.Options.Arch,
        Description = plan.Description,
        Status = status,
        Reason = reason,
        Dataset = DatasetSummary.Of(dataset),
        Settings = plan.Settings(),
        Seed = plan.Options.Seed,
        Published = plan.Published,
        Provenance = Environments.Describe(plan, DateTimeOffset.UtcNow, plan.Options.Device),
    };

    /// <summary>Whether a record was made by the same plan on the same images, and from the same weights where those can still be looked at.</summary>
    public static bool IsSame(RunRecord record, RunPlan plan, ImageDataset dataset)
    {
        var settings = plan.Settings();
        return record.Dataset.Fingerprint == dataset.Fingerprint
            && record.Settings.Count == settings.Count
            && settings.All(setting => record.Settings.GetValueOrDefault(setting.Key) == setting.Value)
            && (record.Provenance.Weights is not { } weights || (PretrainedBackbone.SourceAtHand(plan.Options) ?? weights) == weights);
    }

    /// <summary>Where the checkpoints of the run of a folder are, until it is completed.</summary>
    internal static string WorkFolder(string folder) => Path.Combine(folder, "work");

    private static RunPlan Checked(RunPlan plan, ImageDataset dataset)
    {
        ConfigurationException.ThrowIfAny(plan.Options.Problems(dataset.Train.Shape));
        return plan with { Options = plan.Options.Applied() };
    }

    // Two runs in one folder would write into each other's checkpoints.
    private static IDisposable? Hold(string folder) => FileLock.TryAcquire(Path.Combine(folder, "run.lock"), FileOptions.DeleteOnClose);

    private static string InUse(string folder) => $"another run is writing to {folder}: wait for its end, or give another folder with --output";

    private static ImageSet Some(ImageSet images, int? most) => most is { } count && count < images.Count
        ? images.Subset([.. Enumerable.Range(0, count).Select(place => (int)((long)place * images.Count / count))])
        : images;

    private static RunRecord Describe(
        RunPlan plan, ImageDataset dataset, ImageSet train, ImageSet? validation, TrainedNetwork trained, DateTimeOffset started) => new()
        {
            Name = plan.Name,
            Architecture = plan.Options.Arch,
            Description = plan.Description,
            Status = trained.History.Events.Any(happened => happened.Kind == TrainingEventKind.Cancelled) ? RunStatus.Cancelled : RunStatus.Completed,
            Reason = plan.Reason,
            Dataset = DatasetSummary.Of(dataset) with
            {
                TrainCounts = train.ClassCounts(),
                ValidationCounts = validation?.ClassCounts() ?? [],
            },
            SeenBefore = plan.Options.Mode == FineTuning.Scratch || PretrainedBackbone.TryFind(plan.Options)?.TrainedOn is not { } collection
                ? null
                : dataset.Manifest.DrawnFrom.FirstOrDefault(source => source.Equals(collection, StringComparison.OrdinalIgnoreCase)),
            Settings = plan.Settings(),
            Seed = plan.Options.Seed,
            ParameterCount = trained.Layers.Sum(layer => layer.Parameters),
            TrainableParameterCount = trained.Network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
            Layers = trained.Layers,
            History = trained.History,
            TrainSeconds = trained.History.Epochs.Sum(epoch => epoch.Seconds),
            Published = plan.Published,
            Provenance = Environments.Describe(plan, started, trained.Device.ToString()) with { Weights = trained.Weights },
        };

    private static RunRecord Examine(RunRecord record, TrainedNetwork trained, ImageSet test, float[] probabilities, ITrainingMonitor monitor)
    {
        var images = new NamedImages(test, probabilities);
        return record with
        {
            Mistakes = WorstMistakes.Find(trained, images, MistakesShown, monitor),
            Confused = ConfusedImages.Find(images, ConfusedShown),
            Answers = images.Answers,
            Coverage = CoverageCurve.Measure(images.Answers, probabilities, test.ClassNames.Count),
        };
    }

    // What a training that went on from a checkpoint took before that.
    private static double Earlier(TrainingHistory history) => history.Events.LastOrDefault(happened => happened.Kind == TrainingEventKind.Resumed) is { } resumed
        ? history.Epochs.Where(epoch => epoch.Epoch <= resumed.Epoch).Sum(epoch => epoch.Seconds)
        : 0;

    private static SortedDictionary<string, double> Metrics(RunRecord record)
    {
        (string Name, ClassificationSummary? Figures)[] parts = [("train", record.Train), ("validation", record.Validation), ("test", record.Test)];
        return new(parts.SelectMany(part => part.Figures?.Metrics(part.Name) ?? []).ToDictionary(), StringComparer.Ordinal);
    }

    private static ModelProvenance ModelProvenance(RunRecord record) => new()
    {
        CreatedAt = record.Provenance.StartedAt,
        Seed = record.Seed,
        Dataset = record.Dataset.Name,
        DatasetFingerprint = record.Dataset.Fingerprint,
        Commit = record.Provenance.Commit,
        Command = record.Provenance.Command,
        Libraries = record.Provenance.Libraries,
    };

    // Null where it was stopped: the run is complete without.
    private static QuantizationSummary? Quantize(string folder, ImageSet train, ImageSet? validation, ImageSet? test, CancellationToken stop)
    {
        var (images, part) = test is not null ? (test, DatasetSplit.Test) : validation is not null ? (validation, DatasetSplit.Validation) : (train, DatasetSplit.Train);
        try
        {
            return QuantizedModel.Write(
                Path.Combine(folder, RunStore.ModelFile), Path.Combine(folder, RunStore.Int8ModelFile), train, images, part, cancellation: stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
