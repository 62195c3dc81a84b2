using System.Text.Json.Serialization;

using MLNetCnn.Runs;

namespace MLNetCnn.AutoML;

/// <summary>What a sweep leaves for its report: every trial, and the best of them in full.</summary>
public sealed record SweepRecord
{
    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>How it searched, and what it was allowed to cost.</summary>
    public required ExperimentSettings Settings { get; init; }

    /// <summary>The space, as <see cref="SearchSpaceJson"/> writes it.</summary>
    public required string Space { get; init; }

    /// <summary>Why pretrained backbones are not in the space, by their names.</summary>
    public IReadOnlyDictionary<string, string> MissingBackbones { get; init; } = new Dictionary<string, string>();

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>Wall-clock seconds spent, the final models included; over all processes' starts.</summary>
    public required double Seconds { get; init; }

    /// <summary>Every trial, by number.</summary>
    public required IReadOnlyList<TrialSummary> Trials { get; init; }

    /// <summary>The best trials evaluated on the test images, the best by validation first. The first is the sweep's model where there is no <see cref="Refit"/>.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>The first of <see cref="Runs"/> once more, trained on training and validation images together: the sweep's model; null where there was no time, or it was not asked for.</summary>
    public RunRecord? Refit { get; init; }

    /// <summary>The run whose model is the sweep's; null where none has one.</summary>
    [JsonIgnore]
    public RunRecord? Best => Refit is { ModelFile: not null } refit ? refit : Runs.FirstOrDefault(run => run.ModelFile is not null);

    /// <summary>The folder of one of <see cref="Runs"/>, or of <see cref="Refit"/>, in the sweep's.</summary>
    public string FolderOf(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return ReferenceEquals(run, Refit) ? SweepFinals.RefitFolder : run.Name;
    }

    /// <summary>The finalists together; null where there are no two, or <see cref="EnsembleProblem"/> says why.</summary>
    public EnsembleSummary? Ensemble { get; init; }

    /// <summary>Why the finalists could not be made into one model; null where they could, or there are no two.</summary>
    public string? EnsembleProblem { get; init; }
}

/// <summary>A trial as a report shows it.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="State">How it ended.</param>
/// <param name="Parameter">What was chosen, by name, in the invariant culture.</param>
/// <param name="Accuracy">On the validation images; null where it has none.</param>
/// <param name="Loss">What the tuner saw; null where it saw none.</param>
/// <param name="Steps">The epochs it trained.</param>
/// <param name="Started">Seconds after the sweep began.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="CacheHits">How often a cache saved work.</param>
/// <param name="Curve">The validation accuracy after each epoch.</param>
/// <param name="Worker">Who ran it.</param>
/// <param name="Reason">Why it failed or was pruned; null elsewhere.</param>
public sealed record TrialSummary(
    int Number, TrialState State, IReadOnlyDictionary<string, string> Parameter, double? Accuracy, double? Loss, int Steps,
    double Started, double Seconds, int CacheHits, IReadOnlyList<double> Curve, string Worker, string? Reason);

/// <summary>Several models that vote, each with a weight (Caruana et al. 2004: greedy selection with replacement, on the validation images).</summary>
/// <param name="Weights">The share of each finalist, by the run's name: 0 for one that has no vote.</param>
/// <param name="Validation">The accuracy on the validation images that it was chosen by.</param>
public sealed record EnsembleSummary(IReadOnlyDictionary<string, double> Weights, double Validation)
{
    /// <summary>The finalists that have a vote, with their shares; one alone where no vote is better.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, double>> Voting => [.. Weights.Where(member => member.Value > 0)];

    /// <summary>The vote as one model, relative to the sweep's folder; null where one finalist alone is as good.</summary>
    public string? ModelFile { get; init; }

    /// <summary>The model's accuracy on the test images; null where there are none, or no model.</summary>
    public double? Test { get; init; }

    /// <summary>Time to answer one image with the model on one CPU thread; null without a model.</summary>
    public LatencySummary? Latency { get; init; }

    /// <summary>The model file's size in bytes; 0 without a model.</summary>
    public long ModelBytes { get; init; }
}
