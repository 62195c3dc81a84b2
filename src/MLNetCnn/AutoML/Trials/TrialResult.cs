namespace MLNetCnn.AutoML;

/// <summary>How a trial went, or goes: what tuners learn from.</summary>
public sealed record TrialResult
{
    /// <summary>The trial.</summary>
    public required TrialSettings TrialSettings { get; init; }

    /// <summary>Where it stands; <see cref="TrialState.Waiting"/> and <see cref="TrialState.Running"/> tell a tuner of a trial that others have.</summary>
    public TrialState State { get; init; } = TrialState.Finished;

    /// <summary>What is shown to people, such as the accuracy; NaN where there is none.</summary>
    public double Metric { get; init; } = double.NaN;

    /// <summary>What tuners minimise: lower is better. For a pruned trial that of its last step; NaN where there is none.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>How many steps (epochs) the loss was reached in.</summary>
    public int Steps { get; init; }

    /// <summary>The time that it took, in milliseconds: its cost.</summary>
    public double DurationInMilliseconds { get; init; }

    /// <summary>The resident memory of the process at its end, in megabytes (2²⁰ bytes); other trials of the process are in it.</summary>
    public double? PeakMemoryInMegaByte { get; init; }

    /// <summary>What was really applied, where it differs from what was proposed.</summary>
    public Parameter? Applied { get; init; }

    /// <summary>How often a shared cache saved work.</summary>
    public int CacheHits { get; init; }

    /// <summary>Versions of what it ran on, such as libtorch's, by name.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Why it failed or was pruned, in one line.</summary>
    public string? Reason { get; init; }

    /// <summary>The folder with what it left (checkpoint, run record); null where there is none.</summary>
    public string? ArtifactFolder { get; init; }
}
