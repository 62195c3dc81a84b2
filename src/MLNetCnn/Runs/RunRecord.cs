using MLNetCnn.Architectures;
using MLNetCnn.Data;
using MLNetCnn.Evaluation;
using MLNetCnn.Inference;
using MLNetCnn.Training;

namespace MLNetCnn.Runs;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>Every planned epoch was trained, or early stopping ended it.</summary>
    Completed,

    /// <summary>The user stopped it; what it holds is the best so far.</summary>
    Cancelled,

    /// <summary>It broke; <see cref="RunRecord.Reason"/> says why.</summary>
    Failed,

    /// <summary>It could not start here; <see cref="RunRecord.Reason"/> says what to bring.</summary>
    NotRun,
}

/// <summary>All that a training run leaves behind besides its model: written as <c>run.json</c>, read by every report.</summary>
public sealed record RunRecord
{
    /// <summary>The run's name, unique within its study (for example <c>convNN_1</c>).</summary>
    public required string Name { get; init; }

    /// <summary>The architecture's catalog name (for example <c>lenet-5</c>).</summary>
    public required string Architecture { get; init; }

    /// <summary>One sentence on what the run is; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Why it failed, was not run, or fails by design; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The data it was trained on.</summary>
    public required DatasetSummary Dataset { get; init; }

    /// <summary>The collection that its weights were trained on and its dataset is drawn from: the test images may have been among them; null where there is none.</summary>
    public string? SeenBefore { get; init; }

    /// <summary>Every setting as it was applied, by name, formatted with the invariant culture.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The seed of every random choice in the run.</summary>
    public required int Seed { get; init; }

    /// <summary>All parameters of the network.</summary>
    public long ParameterCount { get; init; }

    /// <summary>The parameters that training changed.</summary>
    public long TrainableParameterCount { get; init; }

    /// <summary>The network layer by layer; empty where it was not built.</summary>
    public IReadOnlyList<LayerSummary> Layers { get; init; } = [];

    /// <summary>The course of the training.</summary>
    public TrainingHistory History { get; init; } = TrainingHistory.Empty;

    /// <summary>Figures on the training images without dropout or augmentation; null where not evaluated.</summary>
    public ClassificationSummary? Train { get; init; }

    /// <summary>Figures on the validation images; null where there are none.</summary>
    public ClassificationSummary? Validation { get; init; }

    /// <summary>Figures on the test images; null where there are none.</summary>
    public ClassificationSummary? Test { get; init; }

    /// <summary>How the model was calibrated; null where it was not.</summary>
    public CalibrationSummary? Calibration { get; init; }

    /// <summary>What the model's logits are divided by, so that its probabilities are as often right as they say; 1 changes nothing.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>The same run with every seed, this one included; empty where it was made once.</summary>
    public IReadOnlyList<SeedFigures> Seeds { get; init; } = [];

    /// <summary>What the published study reports for this run; null outside a study.</summary>
    public PublishedFigures? Published { get; init; }

    /// <summary>Wall-clock seconds from start to model file; epochs before an interruption included.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds spent in training epochs.</summary>
    public double TrainSeconds { get; init; }

    /// <summary>Seconds spent evaluating the final model.</summary>
    public double EvaluateSeconds { get; init; }

    /// <summary>The process's peak resident memory, in bytes; 0 where unknown.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>The model file, relative to the run's folder; null where none was written.</summary>
    public string? ModelFile { get; init; }

    /// <summary>The model file's size in bytes.</summary>
    public long ModelBytes { get; init; }

    /// <summary>Time to answer one image with the model file on one CPU thread; null where not measured.</summary>
    public LatencySummary? Latency { get; init; }

    /// <summary>What its model in 8-bit integers costs and gains; null where none was made.</summary>
    public QuantizationSummary? Quantization { get; init; }

    /// <summary>Test images that the model named wrong with the highest confidence.</summary>
    public IReadOnlyList<ExampleImage> Mistakes { get; init; } = [];

    /// <summary>Small pictures of wrongly named test images, for the cells of the confusion matrix.</summary>
    public IReadOnlyList<ExampleImage> Confused { get; init; } = [];

    /// <summary>What every test image was named; null where there are none.</summary>
    public Answers? Answers { get; init; }

    /// <summary>Accuracy on the test images that are answered when unsure answers are not given; empty where there are none.</summary>
    public IReadOnlyList<CoveragePoint> Coverage { get; init; } = [];

    /// <summary>When, where and with what it ran.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>The figures of this run on one part of the data; null where it was not evaluated there.</summary>
    public ClassificationSummary? On(DatasetSplit part) => part switch
    {
        DatasetSplit.Train => Train,
        DatasetSplit.Validation => Validation,
        _ => Test,
    } is { Count: > 0 } figures ? figures : null;

    /// <summary>The accuracy on one part of the data, over all seeds that ended as this run did; null where it was not evaluated there.</summary>
    public RunAccuracy? Accuracy(DatasetSplit part)
    {
        if (On(part) is not { } figures)
        {
            return null;
        }

        var seeds = Seeds.Where(seed => seed.Status == Status).Select(seed => seed.On(part)).OfType<double>().ToArray();
        return new RunAccuracy(seeds.Length > 0 ? seeds : [figures.MicroAccuracy], figures.Count);
    }
}

/// <summary>A published result. Accuracies are shares in [0, 1]; null where the publication gives none.</summary>
/// <param name="Train">Training accuracy.</param>
/// <param name="Validation">Validation accuracy.</param>
/// <param name="Test">Test accuracy.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Note">What a reader must know about the figure; null where nothing.</param>
public sealed record PublishedFigures(double? Train, double? Validation, double? Test, long? Parameters, string? Note)
{
    /// <summary>The accuracy on one part of the data; null where none was published.</summary>
    public double? On(DatasetSplit part) => part switch
    {
        DatasetSplit.Train => Train,
        DatasetSplit.Validation => Validation,
        _ => Test,
    };
}

/// <summary>Accuracies of a run with one seed, as shares in [0, 1]; null where not evaluated.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Status">How the run with this seed ended.</param>
/// <param name="Train">On the training images.</param>
/// <param name="Validation">On the validation images.</param>
/// <param name="Test">On the test images.</param>
public sealed record SeedFigures(int Seed, RunStatus Status, double? Train, double? Validation, double? Test)
{
    /// <summary>The accuracy on one part of the data; null where it was not evaluated there.</summary>
    public double? On(DatasetSplit part) => part switch
    {
        DatasetSplit.Train => Train,
        DatasetSplit.Validation => Validation,
        _ => Test,
    };
}

/// <summary>Measured time per image.</summary>
/// <param name="P50Milliseconds">The median.</param>
/// <param name="P95Milliseconds">The 95th percentile.</param>
public sealed record LatencySummary(double P50Milliseconds, double P95Milliseconds)
{
    private const int Runs = 50;

    /// <summary>Measures a model .zip on one CPU thread.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The file is no model.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static LatencySummary Measure(string path)
    {
        using var model = ImageModel.Load(path);
        var latency = model.MeasureLatency(Runs);
        return new(latency.P50, latency.P95);
    }
}
